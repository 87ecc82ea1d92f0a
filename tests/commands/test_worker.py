"""`pressroom scheduler` in its own process."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pressroom import worker
from pressroom.kernel.errors import DatabaseUnavailable
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule
from pressroom.kernel.jobs.scheduler import Scheduler
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings, Settings


async def sweep(_context: JobContext, _arguments: Any) -> None: ...


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(settings[JobsSettings].model_copy(update={"poll_seconds": 0.01}))


async def test_the_scheduler_outlives_a_database_that_is_away(
    services: Services, clock: Any, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops: list[Callable[[], None]] = []
    away, looked = iter([DatabaseUnavailable(), OSError()]), asyncio.Event()
    fire_due = Scheduler.fire_due

    async def stumble(scheduler: Scheduler) -> None:
        if error := next(away, None):
            raise error
        await fire_due(scheduler)
        clock.move(hours=1)
        await fire_due(scheduler)
        looked.set()

    hourly = Schedule(JobKind("test.sweep", NoArguments, sweep), every=timedelta(hours=1))
    monkeypatch.setattr(worker, "SCHEDULES", (hourly,))
    monkeypatch.setattr(worker, "_on_stop", stops.append)
    monkeypatch.setattr(Scheduler, "fire_due", stumble)
    working = asyncio.create_task(worker.run_scheduler(services))
    await asyncio.wait_for(looked.wait(), 5)
    stops[0]()
    await asyncio.wait_for(working, 5)
    assert await rows("SELECT id FROM jobs WHERE kind = 'test.sweep'")
