"""The queries of people who look after jobs. What runners do is in the kernel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.jobs.schemas import JobListQuery
from pressroom.kernel.jobs.models import Job, JobEvent, JobState

LINES_AT_ONCE = 200


class JobRepository:
    """Reads jobs, and changes them only from the states that allow it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, job_id: UUID) -> Job | None:
        return await self._session.get(Job, job_id, populate_existing=True)

    async def lines_after(self, job_id: UUID, line_id: int) -> Sequence[JobEvent]:
        """The next lines of its log, the oldest first."""
        statement = select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.id > line_id)
        return (await self._session.scalars(statement.order_by(JobEvent.id).limit(LINES_AT_ONCE))).all()

    async def list(self, query: JobListQuery) -> tuple[Sequence[Job], int]:
        """One page of jobs, and how many there are in all."""
        chosen = select(Job)
        if query.state is not None:
            chosen = chosen.where(Job.state == query.state)
        if query.kind is not None:
            chosen = chosen.where(Job.kind == query.kind)
        total = await self._session.scalar(select(func.count()).select_from(chosen.subquery()))
        order = (Job.created_at, Job.id) if query.sort == "created_at" else (Job.created_at.desc(), Job.id.desc())
        rows = await self._session.scalars(chosen.order_by(*order).limit(query.limit).offset(query.offset))
        return rows.all(), total or 0

    async def cancel_waiting(self, job_id: UUID, *, now: datetime) -> bool:
        """Ends a job that has not begun. Its key is free again."""
        values = {"state": JobState.cancelled, "finished_at": now, "pending_key": None}
        return await self._change(job_id, {JobState.queued}, values)

    async def ask_to_stop(self, job_id: UUID) -> bool:
        return await self._change(job_id, {JobState.running}, {"cancel_requested": True})

    async def put_back(self, job_id: UUID, *, now: datetime) -> bool:
        """Lets an ended job begin again, from its last checkpoint."""
        values = {
            "state": JobState.queued,
            "attempts": 0,
            "run_at": now,
            "cancel_requested": False,
            "finished_at": None,
        }
        return await self._change(job_id, {JobState.failed, JobState.cancelled}, values)

    async def _change(self, job_id: UUID, states: set[JobState], values: dict[str, Any]) -> bool:
        statement = update(Job).where(Job.id == job_id, Job.state.in_(states)).values(values).returning(Job.id)
        return (await self._session.execute(statement)).first() is not None
