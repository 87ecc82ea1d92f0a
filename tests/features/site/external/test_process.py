"""A command of the site: within its limits, gone when told to go, and never alive after its server."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pressroom.features.site.external.log import Log
from pressroom.features.site.external.process import Ending, Limits, Run, run

ENVIRONMENT = {"PATH": os.environ["PATH"]}
MIB = 1024**2
SLEEPER = "echo $$ > pid; sleep 60 & echo $! >> pid; wait"


async def start(
    script: str,
    folder: Path,
    *,
    limits: Limits | None = None,
    stopped: Callable[[], bool] = lambda: False,
    log: Log | None = None,
) -> Run:
    return await run(
        ("/bin/sh", "-c", script),
        folder,
        environment=ENVIRONMENT,
        limits=limits or Limits(),
        log=log or Log(),
        stopped=stopped,
    )


def pids(folder: Path, count: int = 2) -> list[int]:
    for _ in range(100):
        words = (folder / "pid").read_text().split() if (folder / "pid").exists() else []
        if len(words) == count:
            return [int(word) for word in words]
        time.sleep(0.1)
    raise AssertionError


def all_gone(numbers: Sequence[int]) -> bool:
    for _ in range(50):
        if not any(is_alive(number) for number in numbers):
            return True
        time.sleep(0.1)
    return False


def is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_it_runs_in_the_folder_and_says_what_it_printed(tmp_path: Path) -> None:
    log = Log()
    ended = await start("pwd; echo wrong >&2; exit 3", tmp_path, log=log)
    assert (ended.ending, ended.code) == (Ending.failed, 3)
    assert log.lines == (str(tmp_path), "wrong")


async def test_it_runs_behind_everybody_else(tmp_path: Path) -> None:
    log = Log()
    assert (await start("nice", tmp_path, log=log)).ending is Ending.succeeded
    assert int(log.lines[0]) >= 15


async def test_it_does_not_wait_for_words_from_a_person(tmp_path: Path) -> None:
    assert (await start("read answer", tmp_path, limits=Limits(seconds=20))).ending is Ending.failed


async def test_stopping_ends_the_whole_group(tmp_path: Path) -> None:
    ended = await start(SLEEPER, tmp_path, stopped=(tmp_path / "pid").exists)
    assert ended.ending is Ending.stopped
    assert all_gone(pids(tmp_path))


async def test_too_long_is_too_long_even_for_one_that_will_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pressroom.features.site.external.process.GRACE_SECONDS", 0.3)
    ended = await start(f"trap '' TERM; {SLEEPER}; wait; wait", tmp_path, limits=Limits(seconds=0.5))
    assert ended.ending is Ending.timed_out
    assert all_gone(pids(tmp_path))


async def test_too_much_memory_ends_it(tmp_path: Path) -> None:
    hungry = f"{sys.executable} -c 'import time; held = bytearray(300 * 2**20); time.sleep(60)' & wait"
    ended = await start(hungry, tmp_path, limits=Limits(memory=150 * MIB))
    assert ended.ending is Ending.out_of_memory
    assert ended.memory > 150 * MIB


async def test_what_it_left_running_ends_with_it(tmp_path: Path) -> None:
    ended = await start("sleep 60 & echo $! > pid; exit 0", tmp_path)
    assert ended.ending is Ending.succeeded
    assert all_gone(pids(tmp_path, 1))


async def test_one_that_left_the_group_and_holds_the_pipe_holds_up_nothing(tmp_path: Path) -> None:
    began = time.monotonic()
    try:
        ended = await start("setsid sleep 30 & echo $! > pid; echo done; sleep 0.2", tmp_path)
        assert ended.ending is Ending.succeeded
        assert time.monotonic() - began < 15
    finally:
        for number in pids(tmp_path, 1):
            os.kill(number, signal.SIGKILL)


async def test_a_listener_that_fails_ends_the_build(tmp_path: Path) -> None:
    async def listener(lines: Sequence[str]) -> None:
        raise ConnectionError(lines)

    with pytest.raises(ConnectionError):
        await start(f"echo hello; {SLEEPER}", tmp_path, log=Log(listener))
    assert all_gone(pids(tmp_path))


async def test_a_cancelled_task_leaves_nothing_behind(tmp_path: Path) -> None:
    task = asyncio.create_task(start(SLEEPER, tmp_path))
    numbers = await asyncio.to_thread(pids, tmp_path)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all_gone(numbers)


SERVER = """
import asyncio, sys
from pathlib import Path
from pressroom.features.site.external.log import Log
from pressroom.features.site.external.process import Limits, run
asyncio.run(run(("/bin/sh", "-c", sys.argv[1]), Path(sys.argv[2]), environment={"PATH": "/usr/bin:/bin"},
                limits=Limits(), log=Log(), stopped=lambda: False))
"""


@pytest.mark.e2e
def test_no_build_outlives_a_server_that_is_killed(tmp_path: Path) -> None:
    server = subprocess.Popen([sys.executable, "-c", SERVER, SLEEPER, str(tmp_path)])
    numbers = pids(tmp_path)
    assert all(map(is_alive, numbers))
    server.kill()
    server.wait()
    assert all_gone(numbers)
