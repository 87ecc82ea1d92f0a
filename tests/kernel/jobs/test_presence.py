"""Whose jobs are taken over: a clock that jumps, or a machine that slept, makes nobody dead."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pressroom.kernel.jobs import JobContext, JobKind, NoArguments
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

Open = Callable[..., Services]
STATES = "SELECT state, attempts, error FROM jobs"


async def enqueue(services: Services, kind: JobKind) -> None:
    async with services.unit() as unit:
        await unit.enqueue(kind, NoArguments())


@pytest.mark.parametrize("max_attempts", [1, 5])
@pytest.mark.parametrize("looks", ["itself", "another"])
async def test_a_machine_that_slept_goes_on_with_its_jobs(
    another: Open, clock: Any, rows: Any, looks: str, max_attempts: int
) -> None:
    attempts: list[int] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(context: JobContext, _arguments: Any) -> None:
        attempts.append(context.attempt)
        begun.set()
        await go_on.wait()

    kind = JobKind("test.work", NoArguments, work, max_attempts=max_attempts)
    services = another(kind)
    await enqueue(services, kind)
    runner = Runner(services)
    runner._renewed_at = float("inf")  # its next heartbeat is yet to come
    working = asyncio.create_task(runner.run_until_idle())
    await asyncio.wait_for(begun.wait(), 5)
    clock.move(hours=1)
    await (runner if looks == "itself" else Runner(another(kind))).take_over()
    go_on.set()
    await asyncio.wait_for(working, 5)
    assert attempts == [1]
    assert [tuple(row) for row in await rows(STATES)] == [("succeeded", 1, None)]


async def test_a_job_whose_end_could_not_be_written_is_tried_again_by_the_same_process(
    another: Open, clock: Any, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_context: JobContext, _arguments: Any) -> None: ...

    async def stumble(*_arguments: Any) -> None:
        raise OSError("the database is away")

    kind = JobKind("test.work", NoArguments, work)
    services = another(kind)
    await enqueue(services, kind)
    runner = Runner(services)
    with monkeypatch.context() as away:
        away.setattr(runner._store, "succeed", stumble)
        away.setattr(runner._store, "retry", stumble)
        await runner.run_until_idle()
    assert [row.state for row in await rows(STATES)] == ["running"]
    clock.move(seconds=31)
    await runner.take_over()
    await runner.run_until_idle()
    assert [tuple(row) for row in await rows(STATES)] == [("succeeded", 2, None)]
