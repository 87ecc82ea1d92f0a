"""What the slice does outside requests."""

from datetime import timedelta

from pressroom.features.posts.service.desk import PUBLISH_DUE
from pressroom.features.posts.service.publishing import publish_due
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule


async def _publish_due(context: JobContext, arguments: NoArguments) -> None:
    del arguments
    await publish_due(context.services)


# One lane: two that sweep at once would only wait for each other.
publish_due_job = JobKind(PUBLISH_DUE, NoArguments, _publish_due, lane=PUBLISH_DUE)

# Each scheduled post has a job for its moment; this one catches up after a machine has slept or a clock has jumped.
sweep = Schedule(publish_due_job, every=timedelta(minutes=1))
