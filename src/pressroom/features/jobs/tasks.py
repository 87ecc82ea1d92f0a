"""Keeping the list of jobs short."""

from datetime import timedelta

from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule
from pressroom.kernel.jobs.store import prune
from pressroom.kernel.schema import Schema
from pressroom.kernel.settings import JobsSettings


class Pruned(Schema):
    """How many finished jobs were forgotten."""

    jobs: int


async def prune_jobs(context: JobContext, _arguments: NoArguments) -> Pruned:
    """Forgets jobs that ended longer ago than `jobs.keep_days`."""
    services = context.services
    before = services.clock.now() - timedelta(days=services.settings[JobsSettings].keep_days)
    return Pruned(jobs=await prune(services, before))


PRUNE = JobKind("jobs.prune", NoArguments, prune_jobs)
SCHEDULES = (Schedule(PRUNE, every=timedelta(days=1)),)
