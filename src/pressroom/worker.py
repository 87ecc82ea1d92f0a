"""Jobs in a process of their own."""

import asyncio
import signal
from contextlib import suppress

import structlog

from pressroom.features import FEATURES
from pressroom.kernel.jobs.companions import accompanied
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.jobs.scheduler import Scheduler
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings

log = structlog.get_logger(__name__)
SCHEDULES = tuple(schedule for feature in FEATURES for schedule in feature.schedules)
COMPANIONS = tuple(companion for feature in FEATURES for companion in feature.companions)


async def run_worker(services: Services) -> None:
    """Works until the process is told to stop; what is unfinished then goes back to the queue."""
    runner = Runner(services, SCHEDULES)
    _on_stop(runner.stop)
    log.info("worker.started")
    async with accompanied(services, COMPANIONS):
        await runner.run()
    log.info("worker.stopped")


async def run_scheduler(services: Services) -> None:
    """Fires schedules until the process is told to stop."""
    stopping = asyncio.Event()
    _on_stop(stopping.set)
    scheduler = Scheduler(services, SCHEDULES)
    while not stopping.is_set():
        try:
            await scheduler.fire_due()
        except Exception:
            log.exception("scheduler.turn_failed")
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), services.settings[JobsSettings].poll_seconds)


def _on_stop(stop: object) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)  # type: ignore[arg-type]  # a callable without arguments
