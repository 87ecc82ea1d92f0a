"""The embedded runner: claims rows, does the work, keeps the leases alive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
STOP_SECONDS = 1.5
FAILING = 500


class Runner:
    """Runs the jobs of one process.

    A kill at any line leaves each job either waiting, or running under a lease that the next start or
    another runner takes over; handlers are idempotent, so running again is safe.
    """

    def __init__(self, services: Services, schedules: tuple[Schedule, ...] = ()) -> None:
        settings = services.settings[JobsSettings]
        self._owner = new_id().hex
        self._services = services
        self._settings = settings
        self._store = JobStore(services, owner=self._owner, lease=timedelta(seconds=settings.lease_seconds))
        self._presence = Presence(services.settings.data / "run", self._owner)
        self._scheduler = Scheduler(services, schedules)
        self._running: dict[UUID, tuple[asyncio.Task[None], JobContext]] = {}
        self._renewed_at = 0.0
        self._stopping = False

    async def run(self) -> None:
        """Works until `stop`; running jobs are given back to the queue then."""
        async with self._present():
            while not self._stopping:
                await self._turn()

    def stop(self) -> None:
        """Asks the runner to end soon."""
        self._stopping = True
        self._services.runner_signal.notify()

    async def run_until_idle(self) -> None:
        """Does everything that is due now, schedules included, then returns: for commands and tests."""
        async with self._present():
            await self._scheduler.fire_due()
            while True:
                await self._fill()
                if not self._running:
                    return
                await asyncio.wait([task for task, _ in self._running.values()], return_when=asyncio.FIRST_COMPLETED)

    async def run_one(self, job_id: UUID) -> None:
        """Does this job, if it is due and its lane is free, and nothing else."""
        async with self._present():
            if claim := await self._store.claim(job_id):
                self._start(claim)
                await asyncio.wait([self._running[job_id][0]])

    @asynccontextmanager
    async def _present(self) -> AsyncIterator[None]:
        """Visible to other runners, with leases kept and the dead looked after."""
        self._presence.announce()
        signal = self._services.runner_signal
        signal.hang_bell(self._services.settings.data / "run", self._owner)
        keeper = asyncio.create_task(self._keep_watch(), name="runner's watch")
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            await self._abandon()
            signal.take_bell_down()
            self._presence.withdraw()

    async def _turn(self) -> None:
        try:
            await self._scheduler.fire_due()
            await self._fill()
            await self._hear_cancels()
            pause = await self._pause()
        except Exception:
            log.exception("runner.turn_failed")
            pause = self._settings.poll_seconds
        await self._services.runner_signal.wait(pause)

    async def _pause(self) -> float:
        """Until the next due moment, but no longer than one polling interval: clocks jump, machines sleep."""
        limit = self._settings.poll_seconds
        due = await self._store.next_due() if len(self._running) < self._settings.concurrency else None
        if due is None:
            return limit
        return min(limit, max(0.0, (due - self._services.clock.now()).total_seconds()))

    async def _fill(self) -> None:
        free = self._settings.concurrency - len(self._running)
        for job_id in await self._store.due(free) if free > 0 else ():
            if job_id in self._running:
                continue  # lost to another runner and given back, while our own attempt has not ended yet
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
        task.add_done_callback(lambda ended: self._ended(claim.id, ended))

    def _ended(self, job_id: UUID, task: asyncio.Task[None]) -> None:
        del self._running[job_id]
        self._services.runner_signal.notify()
        if not task.cancelled() and (error := task.exception()):
            # What became of it could not be written; its lease runs out and it is tried again.
            log.error("job.outcome_lost", job=str(job_id), exc_info=error)

    async def _do(self, claim: Claim, context: JobContext) -> None:
        try:
            result = await self._call(claim, context)
        except JobCancelled:
            await self._store.cancel(claim.id)
        except Exception as error:  # noqa: BLE001  # whatever a handler raises ends its job, not the runner
            await self._failed(claim, error)
        else:
            await self._store.succeed(claim.id, result)

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
            told = {"code": error.code, "message": error.detail, "details": error.details}
            final = error.status < FAILING
        names = {"job": str(claim.id), "kind": claim.kind, "attempt": claim.attempt, "reason": told["message"]}
        log.warning("job.failed", **names, exc_info=None if final else error)  # a refusal needs no stack
        if final or claim.attempt >= claim.max_attempts:
            await self._store.fail(claim.id, told)
            return
        kind = self._services.jobs.find(claim.kind)
        base = kind.backoff if kind else 1.0
        wait = min(LONGEST_BACKOFF, base * 2 ** (claim.attempt - 1))
        await self._store.retry(claim.id, told, after=timedelta(seconds=wait))

    async def _keep_watch(self) -> None:
        """Beside the work: renews leases, takes over from the dead, hears of cancelled jobs."""
        while True:
            try:
                await self._renew()
                await self.take_over()
                await self._hear_cancels()
            except Exception:
                log.exception("runner.watch_failed")
            await asyncio.sleep(min(self._settings.poll_seconds, self._settings.lease_seconds / 3))

    async def _hear_cancels(self) -> None:
        if self._running:
            self._ask_to_stop(await self._store.asked_to_stop(list(self._running)))

    async def _renew(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._running and now - self._renewed_at >= self._settings.lease_seconds / 3:
            self._renewed_at = now
            self._ask_to_stop(await self._store.heartbeat(list(self._running)))

    def _ask_to_stop(self, jobs: set[UUID]) -> None:
        for job_id in jobs:
            if entry := self._running.get(job_id):
                entry[1].cancel()

    async def take_over(self) -> None:
        """Gives the jobs of runners that have died back to the queue, and those that nobody does any more."""
        dead = await asyncio.to_thread(self._presence.dead)
        living = await asyncio.to_thread(self._presence.living)
        taken = await self._store.reap(dead, living=living, running=set(self._running))
        self._presence.forget(dead)
        if taken:
            log.info("runner.took_over", jobs=taken)
            self._services.runner_signal.notify()

    async def _abandon(self) -> None:
        """Ends what still runs and gives it back; what will not end in time is left to its lease."""
        left = {task: job_id for job_id, (task, _) in self._running.items()}
        if not left:
            return
        for task in left:
            task.cancel()
        ended, _ = await asyncio.wait(left, timeout=STOP_SECONDS)
        await self._store.release([left[task] for task in ended])
