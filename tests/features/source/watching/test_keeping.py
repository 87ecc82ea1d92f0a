"""The watch in a running process: real changes on disk, and the scans that they ask for."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from tests.conftest import MovableClock
from tests.plugins.limits import Limited

from pressroom.composition import build_services
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach, detach
from pressroom.features.source.settings import SourceSettings
from pressroom.features.source.watching import keep_watch
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings, Settings

Rows = Callable[..., Awaitable[list[Any]]]
Logs = Sequence[MutableMapping[str, Any]]
WAITING = "SELECT id FROM jobs WHERE kind = 'source.scan' AND state = 'queued'"
PATIENCE = 10.0


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(JobsSettings(embedded=False, poll_seconds=0.1))


@asynccontextmanager
async def kept(services: Services) -> AsyncIterator[None]:
    task = asyncio.create_task(keep_watch(services))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"no {what} within {PATIENCE:.0f} seconds")


async def scanned(rows: Rows, runner: Runner, what: str) -> None:
    """Waits for a scan to be asked for, and does it."""

    async def asked() -> bool:
        return bool(await rows(WAITING))

    await until(asked, f"scan for {what}")
    await runner.run_until_idle()


async def told(logs: Logs, event: str, times: int = 1) -> None:
    async def holds() -> bool:
        return len([line for line in logs if line["event"] == event]) >= times

    await until(holds, event)


async def quiet(rows: Rows, attached: Path, runner: Runner) -> None:
    """A change that counts, made after one that does not, is what the next scan is asked for."""
    assert await rows(WAITING) == []
    (attached / "marker.md").write_text("---\ntitle: Marker\n---\n")
    await scanned(rows, runner, "the marker")
    (attached / "marker.md").unlink()
    await scanned(rows, runner, "its end")


async def test_an_edit_on_disk_is_a_version(services: Services, attached: Path, runner: Runner, rows: Rows) -> None:
    async with kept(services):
        await scanned(rows, runner, "the watch itself")
        (attached / "hello.md").write_text((attached / "hello.md").read_text() + "From the editor.\n")
        await scanned(rows, runner, "the edit")
    (post,) = await rows("SELECT content_raw, version FROM posts WHERE slug = 'hello'")
    assert "From the editor." in post.content_raw
    assert post.version == 2


async def test_our_own_saves_ask_for_nothing(
    services: Services, attached: Path, runner: Runner, rows: Rows, editor: httpx.AsyncClient
) -> None:
    await runner.run_until_idle()  # the scan that the start asks for
    async with kept(services):
        await scanned(rows, runner, "the watch itself")
        seen = (await editor.get("/api/v1/admin/posts/hello")).headers["etag"]
        saved = await editor.patch("/api/v1/admin/posts/hello", json={"title": "Bye"}, headers={"If-Match": seen})
        assert saved.status_code == 200
        await asyncio.sleep(1)  # its event has come by then; nothing is to follow it
        await quiet(rows, attached, runner)


async def test_attaching_and_detaching_are_noticed_without_a_restart(
    services: Services, settings: Settings, folder: Path, runner: Runner, rows: Rows
) -> None:
    command = build_services(settings, clock=services.clock)
    with capture_logs() as logs:
        async with kept(services):
            await attach(command, recognise(folder))
            await told(logs, "source.watching")
            await scanned(rows, runner, "the watch itself")
            (folder / "new.md").write_text("---\ntitle: New\n---\n")
            await scanned(rows, runner, "the new file")
            await detach(command)
            await attach(command, recognise(folder / "deep"))
            await told(logs, "source.watching", times=2)
    await command.close()
    assert [line["folder"] for line in logs if line["event"] == "source.watching"] == [
        str(folder),
        str(folder / "deep"),
    ]


async def test_after_detaching_nothing_is_watched(
    services: Services, attached: Path, runner: Runner, rows: Rows
) -> None:
    async with kept(services):
        await scanned(rows, runner, "the watch itself")
        await detach(services)
        await asyncio.sleep(1.5)  # the tick at which it is noticed
        (attached / "hello.md").write_text("Changed.\n")
        await asyncio.sleep(1)
        assert await rows(WAITING) == []


async def test_a_folder_that_vanishes_is_told_once_and_watched_again_when_it_is_back(
    services: Services, attached: Path, runner: Runner, rows: Rows
) -> None:
    with capture_logs() as logs:
        async with kept(services):
            await told(logs, "source.watching")
            attached.rename(attached.with_name("unmounted"))
            await told(logs, "source.not_watched")
            await asyncio.sleep(0.5)
            attached.with_name("unmounted").rename(attached)
            await told(logs, "source.watching", times=2)
            await runner.run_until_idle()
            (attached / "hello.md").write_text((attached / "hello.md").read_text() + "Back.\n")
            await scanned(rows, runner, "an edit after it came back")
    (told_once,) = [line for line in logs if line["event"] == "source.not_watched"]
    assert told_once["folder"] == str(attached)
    assert "pressroom site detach" in told_once["advice"]
    assert (await rows("SELECT status FROM posts WHERE slug = 'hello'"))[0].status == "published"


async def test_of_two_processes_one_watches_and_the_other_takes_over(
    services: Services, settings: Settings, attached: Path, runner: Runner, rows: Rows, clock: MovableClock
) -> None:
    other = build_services(settings, clock=clock)
    with capture_logs() as logs:
        async with kept(services):
            await told(logs, "source.watching")
            second = asyncio.create_task(keep_watch(other))
            await asyncio.sleep(0.5)
            assert len([line for line in logs if line["event"] == "source.watching"]) == 1
        await told(logs, "source.watching", times=2)
        await runner.run_until_idle()
        (attached / "hello.md").write_text("Changed.\n")
        await scanned(rows, runner, "an edit that the second one saw")
        second.cancel()
        with suppress(asyncio.CancelledError):
            await second
    await other.close()


LIMITED = """
import asyncio, json, os, sys
from pathlib import Path
from structlog.testing import capture_logs
from pressroom.composition import build_services, read_settings
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.features.source.watching import keep_watch

async def main(data, folder):
    services = build_services(read_settings(os.environ, folder=data, data=data))
    await attach(services, recognise(folder))
    with capture_logs() as logs:
        keeping = asyncio.create_task(keep_watch(services))
        async with asyncio.timeout(20):
            while not any(line["event"] == "source.not_watched" for line in logs):
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
            Path("/proc/sys/user/max_inotify_instances").write_text("10")
            while not any(line["event"] == "source.watching" for line in logs):
                await asyncio.sleep(0.02)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    await services.close()
    print(json.dumps(logs))

asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


def test_a_system_without_watches_is_told_once_and_watched_when_it_has_some(
    tmp_path: Path, folder: Path, sqlite_template: Path, limited: Limited, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sqlite_template, tmp_path / "pressroom.db")
    monkeypatch.setenv("PRESSROOM_JOBS__POLL_SECONDS", "0.1")
    done = limited("max_inotify_instances", [sys.executable, "-c", LIMITED, str(tmp_path), str(folder)])
    refused, watching = [line for line in json.loads(done.stdout) if line["event"].startswith("source.")]
    assert (refused["event"], watching["event"]) == ("source.not_watched", "source.watching")
    assert "max_user_instances" in refused["advice"]


async def test_off_is_off(services: Services, settings: Settings, attached: Path) -> None:
    del attached
    off = build_services(settings.replacing(SourceSettings(watch="off")), clock=services.clock)
    await asyncio.wait_for(keep_watch(off), 1)
    await off.close()


async def test_without_a_folder_the_library_is_not_loaded(tmp_path: Path) -> None:
    script = (
        "import sys, pressroom.main, pressroom.worker\n"
        "from pressroom.features.source.watching import keep_watch\n"
        "sys.exit('watchfiles' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=tmp_path)
    assert await process.wait() == 0
