"""kill -9 in the middle of a job: the next start takes it over at once and goes on from its checkpoint."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pressroom.kernel.clock import SystemClock
from pressroom.kernel.jobs import JobKind, NoArguments
from pressroom.kernel.services import Services

WORKER = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


def start(services: Services, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(WORKER), str(services.settings.data)]
    return subprocess.Popen(
        command, env={**os.environ, **environ}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


async def lines(data: Path, number: int) -> list[str]:
    steps = data / "steps"
    async with asyncio.timeout(20):
        while not steps.exists() or len(steps.read_text().splitlines()) < number:
            await asyncio.sleep(0.01)
    return steps.read_text().splitlines()


async def ended(rows: Any) -> Any:
    async with asyncio.timeout(20):
        while (row := (await rows("SELECT state, attempts FROM jobs"))[0]).state != "succeeded":
            await asyncio.sleep(0.02)
    return row


@pytest.mark.e2e
async def test_kill_in_the_middle(services: Services, database_environ: dict[str, str], rows: Any) -> None:
    async def elsewhere(_context: Any, _arguments: Any) -> None: ...

    async with services.unit() as unit:
        await unit.enqueue(JobKind("test.walk", NoArguments, elsewhere), NoArguments())
    first = start(services, database_environ)
    await lines(services.settings.data, 1)
    await asyncio.sleep(0.2)
    first.send_signal(signal.SIGKILL)
    first.wait()
    begun = time.monotonic()
    second = start(services, database_environ)
    try:
        row = await ended(rows)
    finally:
        second.kill()
        second.wait()
    assert time.monotonic() - begun < 15  # the lease would have lasted 30
    assert row.attempts == 2
    steps = [line.split(" ", 1)[1] for line in await lines(services.settings.data, 3)]
    assert steps == ["attempt 1 step 0", "attempt 2 step 1", "attempt 2 step 2"]
