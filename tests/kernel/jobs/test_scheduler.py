"""Schedules: one firing for all processes, one after a long sleep."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule
from pressroom.kernel.jobs.models import ScheduleState
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.jobs.scheduler import Scheduler
from pressroom.kernel.services import Services

Open = Callable[..., Services]


async def sweep(_context: JobContext, _arguments: Any) -> None:
    """Done."""


KIND = JobKind("test.sweep", NoArguments, sweep)
HOURLY = (Schedule(KIND, every=timedelta(hours=1)),)


@pytest.fixture
def fired(rows: Any) -> Callable[[], Any]:
    async def count() -> int:
        return len(await rows("SELECT id FROM jobs WHERE kind = 'test.sweep'"))

    return count


async def test_two_processes_fire_once(another: Open, clock: Any, fired: Any) -> None:
    schedulers = [Scheduler(another(KIND), HOURLY) for _ in range(2)]
    await asyncio.gather(*(each.fire_due() for each in schedulers))  # both introduce it at once
    assert await fired() == 0
    for hour in (1, 2):
        clock.move(hours=1)
        await asyncio.gather(*(each.fire_due() for each in schedulers for _ in range(2)))
        await Runner(another(KIND)).run_until_idle()
        assert await fired() == hour


async def test_a_machine_that_slept_fires_once(another: Open, clock: Any, fired: Any) -> None:
    services = another(KIND)
    runner = Runner(services, HOURLY)
    await runner.run_until_idle()
    clock.move(days=3)
    await runner.run_until_idle()
    await runner.run_until_idle()
    assert await fired() == 1
    clock.move(hours=1)
    await runner.run_until_idle()
    assert await fired() == 2


async def test_a_clock_that_ran_ahead_does_not_silence_a_schedule(another: Open, clock: Any, fired: Any) -> None:
    services = another(KIND)
    await Scheduler(services, HOURLY).fire_due()
    async with services.unit() as unit:
        await unit.session.execute(update(ScheduleState).values(next_at=clock.now() + timedelta(days=3650)))
    scheduler = Scheduler(services, HOURLY)
    await scheduler.fire_due()
    assert await fired() == 0
    clock.move(hours=1)
    await scheduler.fire_due()
    assert await fired() == 1


@pytest.mark.parametrize(("hours", "times"), [(None, 0), (2, 2)])
async def test_the_settings_may_say_how_often(
    another: Open, clock: Any, fired: Any, hours: int | None, times: int
) -> None:
    services = another(KIND)
    schedule = Schedule(KIND, every=lambda _settings: timedelta(hours=hours) if hours else None)
    for _ in range(6):
        await Scheduler(services, (schedule,)).fire_due()
        await Runner(services).run_until_idle()
        clock.move(hours=1)
    assert await fired() == times
