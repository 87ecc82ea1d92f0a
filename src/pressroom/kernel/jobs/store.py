"""How the runner changes jobs: each step is one small unit of work, each guarded by who holds the lease."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, case, delete, literal, null, or_, select, update
from sqlalchemy.exc import IntegrityError

from pressroom.kernel.db.base import UtcDateTime
from pressroom.kernel.errors import WorkerDied
from pressroom.kernel.jobs.models import Job, JobEvent, JobState
from pressroom.kernel.services import Services

MESSAGE_LIMIT = 500
LOG_LINE_LIMIT = 10_000
LOOK_AHEAD = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this runner may now do."""

    id: UUID
    kind: str
    arguments: dict[str, Any]
    attempt: int
    max_attempts: int
    checkpoint: dict[str, Any] | None


class JobStore:
    """The runner's hands on the `jobs` table."""

    def __init__(self, services: Services, *, owner: str, lease: timedelta) -> None:
        self._services = services
        self._owner = owner
        self._lease = lease

    async def due(self, limit: int) -> list[UUID]:
        """Jobs whose moment has come and whose lane is free, the oldest first; one of each lane."""
        busy = select(Job.running_lane).where(Job.running_lane.is_not(None)).scalar_subquery()
        statement = (
            select(Job.id, Job.lane)
            .where(Job.state == JobState.queued, Job.run_at <= self._now())
            .where(or_(Job.lane.is_(None), Job.lane.not_in(busy)))
            .order_by(Job.run_at, Job.id)
            .limit(LOOK_AHEAD + limit)
        )
        async with self._services.reading() as session:
            waiting = (await session.execute(statement)).all()
        firsts = {lane: job_id for job_id, lane in reversed(waiting) if lane is not None}
        return [job_id for job_id, lane in waiting if lane is None or firsts[lane] == job_id][:limit]

    async def next_due(self) -> datetime | None:
        """When the next job that waits for its moment is due, or `None`."""
        statement = select(Job.run_at).where(Job.state == JobState.queued, Job.run_at > self._now())
        async with self._services.reading() as session:
            return await session.scalar(statement.order_by(Job.run_at).limit(1))

    async def claim(self, job_id: UUID) -> Claim | None:
        """Takes a job that is due, or returns `None` when another runner or its lane was faster."""
        values = {
            "state": JobState.running,
            "pending_key": None,
            "running_lane": Job.lane,
            "attempts": Job.attempts + 1,
            "owner": self._owner,
            "lease_until": self._now() + self._lease,
            "started_at": self._now(),
            "message": "",
            "error": None,
        }
        waiting = and_(Job.id == job_id, Job.state == JobState.queued, Job.run_at <= self._now())
        statement = update(Job).where(waiting).values(values)
        columns = (Job.id, Job.kind, Job.arguments, Job.attempts, Job.max_attempts, Job.checkpoint)
        try:
            async with self._services.unit() as unit:
                row = (await unit.session.execute(statement.returning(*columns))).one_or_none()
        except IntegrityError:
            return None
        return None if row is None else Claim(*row)

    async def heartbeat(self, running: list[UUID]) -> set[UUID]:
        """Renews the leases. Returns the jobs that are no longer ours."""
        mine = and_(Job.id.in_(running), Job.owner == self._owner, Job.state == JobState.running)
        renew = update(Job).where(mine).values(lease_until=self._now() + self._lease)
        async with self._services.unit() as unit:
            kept = (await unit.session.scalars(renew.returning(Job.id))).all()
        return set(running) - set(kept)

    async def asked_to_stop(self, running: list[UUID]) -> set[UUID]:
        """Which of these jobs somebody has cancelled."""
        statement = select(Job.id).where(Job.id.in_(running), Job.cancel_requested)
        async with self._services.reading() as session:
            return set((await session.scalars(statement)).all())

    async def report(self, job_id: UUID, fraction: float, message: str) -> None:
        """Writes progress and a line of the log."""
        async with self._services.unit() as unit:
            changed = {"progress": fraction} | ({"message": message[:MESSAGE_LIMIT]} if message else {})
            await unit.session.execute(self._mine(job_id).values(changed))
            if message:
                line = message[:LOG_LINE_LIMIT]
                unit.session.add(JobEvent(job_id=job_id, at=self._now(), progress=fraction, message=line))

    async def save_checkpoint(self, job_id: UUID, checkpoint: dict[str, Any]) -> None:
        async with self._services.unit() as unit:
            await unit.session.execute(self._mine(job_id).values(checkpoint=checkpoint))

    async def succeed(self, job_id: UUID, result: dict[str, Any] | None) -> bool:
        """Ends a job well. Its arguments are forgotten: nobody needs them again, and they may hold secret links."""
        return await self._finish(
            job_id, JobState.succeeded, progress=1.0, result=result, arguments={}, checkpoint=None
        )

    async def cancel(self, job_id: UUID) -> bool:
        return await self._finish(job_id, JobState.cancelled)

    async def fail(self, job_id: UUID, error: dict[str, Any]) -> bool:
        return await self._finish(job_id, JobState.failed, error=error)

    async def retry(self, job_id: UUID, error: dict[str, Any], *, after: timedelta) -> None:
        """Puts a job back into the queue, to be tried again after a while."""
        values = self._back_in_queue() | {"run_at": self._now() + after, "error": error}
        async with self._services.unit() as unit:
            await unit.session.execute(self._mine(job_id).values(values))

    async def release(self, job_ids: list[UUID]) -> None:
        """Gives unfinished jobs back, as if they had not been started: for a graceful stop."""
        if not job_ids:
            return
        mine = and_(Job.id.in_(job_ids), Job.owner == self._owner, Job.state == JobState.running)
        values = self._back_in_queue() | {"attempts": Job.attempts - 1}
        async with self._services.unit() as unit:
            await unit.session.execute(update(Job).where(mine).values(values))

    async def reap(self, dead: set[str], *, living: Collection[str] = (), running: Collection[UUID] = ()) -> int:
        """Gives jobs of dead runners back to the queue; those out of attempts fail. Returns how many.

        Args:
            dead: owners whose process is gone; of all others, leases that ran out tell.
            living: owners whose process goes on: a lease runs out with a clock that is set, or a machine that sleeps.
            running: what this runner does at this moment.
        """
        expired = and_(Job.lease_until < self._now(), Job.owner.not_in(living), Job.id.not_in(running))
        abandoned = and_(Job.state == JobState.running, or_(expired, Job.owner.in_(dead)))
        async with self._services.reading() as session:
            if await session.scalar(select(Job.id).where(abandoned).limit(1)) is None:
                return 0
        failed = {"state": JobState.failed, "error": _DIED, "finished_at": self._now()} | _RELEASED
        spent = and_(Job.attempts >= Job.max_attempts, Job.cancel_requested.is_(False))
        async with self._services.unit() as unit:
            gone = await unit.session.execute(update(Job).where(abandoned, spent).values(failed))
            again = await unit.session.execute(update(Job).where(abandoned).values(self._back_in_queue()))
        return _count(gone) + _count(again)

    async def _finish(self, job_id: UUID, state: JobState, **values: Any) -> bool:
        finished = {"state": state, "finished_at": self._now(), **values} | _RELEASED
        async with self._services.unit() as unit:
            return _count(await unit.session.execute(self._mine(job_id).values(finished))) == 1

    def _back_in_queue(self) -> dict[str, Any]:
        """A job that was to be cancelled does not come back."""
        now = self._now()
        unwanted: ColumnElement[bool] = Job.cancel_requested.is_(True)
        state = case((unwanted, JobState.cancelled.value), else_=JobState.queued.value)
        finished = case((unwanted, literal(now, UtcDateTime())), else_=null())
        return {"state": state, "run_at": now, "finished_at": finished} | _RELEASED

    def _mine(self, job_id: UUID) -> Any:
        return update(Job).where(Job.id == job_id, Job.owner == self._owner, Job.state == JobState.running)

    def _now(self) -> datetime:
        return self._services.clock.now()


async def prune(services: Services, before: datetime) -> int:
    """Forgets jobs that ended before a moment. Returns how many."""
    async with services.unit() as unit:
        return _count(await unit.session.execute(delete(Job).where(Job.finished_at < before)))


_RELEASED = {"running_lane": None, "owner": None, "lease_until": None}
_DIED = {"code": WorkerDied.code, "message": WorkerDied.title}


def _count(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101  # what DML returns
    return result.rowcount
