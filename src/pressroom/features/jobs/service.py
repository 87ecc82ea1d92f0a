"""Watching jobs and steering them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from pressroom.features.jobs.errors import JobAlreadyFinished, JobNotFound, JobNotRetryable
from pressroom.features.jobs.policy import may_see
from pressroom.features.jobs.repository import JobRepository
from pressroom.features.jobs.schemas import JobListQuery, JobView, LogLine
from pressroom.kernel.auth import Actor
from pressroom.kernel.pagination import Listing, ListMeta
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

LOOK_SECONDS = 0.1
Seen = tuple[int, LogLine] | JobView


class JobService:
    """What people may do with jobs. A job that is not theirs does not exist for them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def get(self, actor: Actor, job_id: UUID) -> JobView:
        """The job as it stands.

        Raises:
            JobNotFound: there is none, or it is somebody else's.
        """
        async with self._services.reading() as session:
            return await _visible(JobRepository(session), actor, job_id)

    async def list(self, query: JobListQuery) -> Listing[JobView]:
        """One page of all jobs, for editors."""
        async with self._services.reading() as session:
            jobs, total = await JobRepository(session).list(query)
        data = [JobView.model_validate(job) for job in jobs]
        return Listing(data=data, meta=ListMeta(total=total, limit=query.limit, offset=query.offset, next=None))

    async def cancel(self, unit: UnitOfWork, actor: Actor, job_id: UUID) -> JobView:
        """Ends a waiting job at once; asks a running one to stop at its next step.

        Raises:
            JobNotFound: there is none, or it is somebody else's.
            JobAlreadyFinished: it ended before.
        """
        jobs = JobRepository(unit.session)
        await _visible(jobs, actor, job_id)
        done = await jobs.cancel_waiting(job_id, now=self._services.clock.now()) or await jobs.ask_to_stop(job_id)
        if not done:
            raise JobAlreadyFinished
        unit.after_commit(self._services.notify_runner)
        return await _visible(jobs, actor, job_id)

    async def retry(self, unit: UnitOfWork, actor: Actor, job_id: UUID) -> JobView:
        """Puts a failed or cancelled job back into the queue; it goes on from its last checkpoint.

        Raises:
            JobNotFound: there is none, or it is somebody else's.
            JobNotRetryable: it waits, runs or has succeeded.
        """
        jobs = JobRepository(unit.session)
        await _visible(jobs, actor, job_id)
        if not await jobs.put_back(job_id, now=self._services.clock.now()):
            raise JobNotRetryable
        unit.after_commit(self._services.notify_runner)
        return await _visible(jobs, actor, job_id)

    async def watch(self, actor: Actor, job_id: UUID, *, after: int = 0) -> AsyncIterator[Seen | None]:
        """Each change of the job and each line of its log after the given one, until it has ended.

        Looks at the rows, so it does not matter which process runs the job. Yields `None` when nothing is new.
        """
        told: JobView | None = None
        while told is None or not told.state.is_final:
            async with self._services.reading() as session:
                jobs = JobRepository(session)
                job = await _visible(jobs, actor, job_id)
                lines = await jobs.lines_after(job_id, after)
            for line in lines:
                yield line.id, LogLine.model_validate(line)
                after = line.id
            if lines and job.state.is_final:
                continue  # there may be more of them; the end comes last
            yield job if job != told else None
            told = job
            if not job.state.is_final:
                await asyncio.sleep(LOOK_SECONDS)


async def _visible(jobs: JobRepository, actor: Actor, job_id: UUID) -> JobView:
    job = await jobs.find(job_id)
    if job is None or not may_see(actor, asked_by=job.actor_id):
        raise JobNotFound
    return JobView.model_validate(job)
