"""Putting a job into the queue, in the transaction of whoever wants it done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.kernel.clock import Clock
from pressroom.kernel.db.base import insert_unless_there
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs.kinds import JobKind
from pressroom.kernel.jobs.models import Job, JobState


async def enqueue(
    session: AsyncSession,
    clock: Clock,
    kind: JobKind,
    arguments: BaseModel,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    actor_id: UUID | None = None,
) -> UUID:
    """Adds a job, or joins the one that waits under the same key. Returns its id.

    Joining locks the waiting row until this transaction ends, so a runner cannot start it before what
    it should see is committed.
    """
    now = clock.now()
    row = _row(kind, arguments, key=key, run_at=run_at or now, now=now, actor_id=actor_id)
    if key is None:
        session.add(Job(**row))
        await session.flush()
        return UUID(str(row["id"]))
    while True:
        if joined := await _join(session, key, run_at or now):
            return joined
        if await insert_unless_there(session, Job, row, unique="pending_key"):
            return UUID(str(row["id"]))


async def find_running(session: AsyncSession, kind: JobKind) -> UUID | None:
    """The job that holds this kind's lane."""
    return await session.scalar(select(Job.id).where(Job.running_lane == kind.lane, Job.kind == kind.name))


def _row(
    kind: JobKind,
    arguments: BaseModel,
    *,
    key: str | None,
    run_at: datetime,
    now: datetime,
    actor_id: UUID | None,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind.name,
        "arguments": arguments.model_dump(mode="json"),
        "state": JobState.queued,
        "lane": kind.lane,
        "pending_key": key,
        "progress": 0.0,
        "message": "",
        "attempts": 0,
        "max_attempts": kind.max_attempts,
        "cancel_requested": False,
        "run_at": run_at,
        "actor_id": actor_id,
        "created_at": now,
    }


async def _join(session: AsyncSession, key: str, run_at: datetime) -> UUID | None:
    earliest = case((Job.run_at > run_at, run_at), else_=Job.run_at)
    statement = update(Job).where(Job.pending_key == key).values(run_at=earliest).returning(Job.id)
    found = (await session.execute(statement, execution_options={"synchronize_session": False})).scalar_one_or_none()
    return None if found is None else UUID(str(found))
