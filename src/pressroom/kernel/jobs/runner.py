"""The embedded runner: claims rows, does the work, keeps the leases alive."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from pressroom.kernel.errors import AppError
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs.context import JobCancelled, JobContext
from pressroom.kernel.jobs.presence import Presence
from pressroom.kernel.jobs.schedule import Schedule
from pressroom.kernel.jobs.scheduler import Scheduler
from pressroom.kernel.jobs.store import Claim, JobStore
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings

log = structlog.get_logger(__name__)
LONGEST_BACKOFF = 3600.0
FAILING = 500


class Runner:
    """Runs the jobs of one process.

    A kill at any line leaves each job either waiting, or running under a lease that the next start or
    another runner takes over; handlers are idempotent, so running again is safe.
    """

    def __init__(self, services: Services, schedules: tuple[Schedule, ...] = ()) -> None:
        settings = services.settings[JobsSettings]
        owner = new_id().hex
        self._services = services
        self._settings = settings
        self._store = JobStore(services, owner=owner, lease=timedelta(seconds=settings.lease_seconds))
        self._presence = Presence(services.settings.data / "run", owner)
        self._scheduler = Scheduler(services, schedules)
        self._running: dict[UUID, tuple[asyncio.Task[None], JobContext]] = {}
        self._stopping = False

    async def run(self) -> None:
        """Works until `stop`; running jobs are given back to the queue then."""
        self._presence.announce()
        keeper = asyncio.create_task(self._keep_leases())
        try:
            await self._take_over()
            while not self._stopping:
                await self._turn()
        finally:
            keeper.cancel()
            await self._abandon()
            self._presence.withdraw()

    def stop(self) -> None:
        """Asks the runner to end soon."""
        self._stopping = True
        self._services.runner_signal.notify()

    async def run_until_idle(self) -> None:
        """Does everything that is due now, then returns: for commands and tests."""
        while True:
            await self._fill()
            if not self._running:
                return
            await asyncio.wait([task for task, _ in self._running.values()], return_when=asyncio.FIRST_COMPLETED)

    async def _turn(self) -> None:
        try:
            await self._scheduler.fire_due()
            await self._fill()
            pause = await self._pause()
        except Exception:
            log.exception("runner.turn_failed")
            pause = self._settings.poll_seconds
        await self._services.runner_signal.wait(pause)

    async def _pause(self) -> float:
        """Until the next due moment, but no longer than one polling interval: clocks jump, machines sleep."""
        limit = self._settings.poll_seconds
        if len(self._running) >= self._settings.concurrency:
            return limit
        due = await self._store.next_due()
        if due is None:
            return limit
        seconds = (due - self._services.clock.now()).total_seconds()
        return min(limit, seconds) if seconds > 0 else limit

    async def _fill(self) -> None:
        free = self._settings.concurrency - len(self._running)
        for job_id in await self._store.due(free) if free > 0 else ():
            if claim := await self._store.claim(job_id):
                self._start(claim)

    def _start(self, claim: Claim) -> None:
        context = JobContext(
            self._services,
            claim.id,
            attempt=claim.attempt,
            checkpoint=claim.checkpoint,
            report=lambda fraction, message: self._store.report(claim.id, fraction, message),
            save=lambda checkpoint: self._store.save_checkpoint(claim.id, checkpoint),
        )
        task = asyncio.create_task(self._do(claim, context), name=f"job {claim.kind} {claim.id}")
        self._running[claim.id] = (task, context)
        task.add_done_callback(lambda _: self._ended(claim.id))

    def _ended(self, job_id: UUID) -> None:
        del self._running[job_id]
        self._services.runner_signal.notify()

    async def _do(self, claim: Claim, context: JobContext) -> None:
        try:
            result = await self._call(claim, context)
            await self._store.succeed(claim.id, result)
        except JobCancelled:
            await self._store.cancel(claim.id)
        except Exception as error:  # noqa: BLE001  # whatever a handler raises ends its job, not the runner
            await self._failed(claim, error)

    async def _call(self, claim: Claim, context: JobContext) -> dict[str, Any] | None:
        kind = self._services.jobs.find(claim.kind)
        if kind is None:
            raise LookupError(f"No feature knows jobs of kind {claim.kind!r}.")
        result = await kind.handler(context, kind.arguments.model_validate(claim.arguments))
        return None if result is None else result.model_dump(mode="json")

    async def _failed(self, claim: Claim, error: Exception) -> None:
        told: dict[str, Any] = {"code": "internal", "message": "Something failed on our side; the log has more."}
        final = False
        if isinstance(error, AppError):
            told: dict[str, Any] = {"code": error.code, "message": error.detail, "details": error.details}
            final = error.status < FAILING
        log.warning("job.failed", job=str(claim.id), kind=claim.kind, attempt=claim.attempt, exc_info=error)
        if final or claim.attempt >= claim.max_attempts:
            await self._store.fail(claim.id, told)
            return
        kind = self._services.jobs.find(claim.kind)
        base = kind.backoff if kind else 1.0
        wait = min(LONGEST_BACKOFF, base * 2 ** (claim.attempt - 1))
        await self._store.retry(claim.id, told, after=timedelta(seconds=wait))

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self._settings.lease_seconds / 3))
            try:
                await self._heartbeat()
                await self._take_over()
            except Exception:
                log.exception("runner.heartbeat_failed")

    async def _heartbeat(self) -> None:
        if not self._running:
            return
        asked, lost = await self._store.heartbeat(list(self._running))
        for job_id in asked | lost:
            if entry := self._running.get(job_id):
                entry[1].cancel()

    async def _take_over(self) -> None:
        dead = await asyncio.to_thread(self._presence.dead)
        taken = await self._store.reap(dead)
        self._presence.forget(dead)
        if taken:
            log.info("runner.took_over", jobs=taken)
            self._services.runner_signal.notify()

    async def _abandon(self) -> None:
        unfinished = list(self._running)
        tasks = [task for task, _ in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._store.release(unfinished)
