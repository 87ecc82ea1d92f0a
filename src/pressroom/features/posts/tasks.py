"""What the slice does outside requests."""

from datetime import timedelta

from pressroom.features.posts.service.desk import PUBLISH_DUE, TYPESET
from pressroom.features.posts.service.publishing import publish_due
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule


async def _publish_due(context: JobContext, arguments: NoArguments) -> None:
    del arguments
    await publish_due(context.services)


async def _typeset(context: JobContext, arguments: NoArguments) -> None:
    del arguments
    from pressroom.features.posts.service.typesetting import Typesetting  # noqa: PLC0415  # only after a big scan

    async def tell(done: int, total: int) -> None:
        await context.progress(done / total, f"{done:,} of {total:,} posts typeset")

    await Typesetting(context.services).all(tell)


# One lane: two that sweep at once would only wait for each other.
publish_due_job = JobKind(PUBLISH_DUE, NoArguments, _publish_due, lane=PUBLISH_DUE)

# Each attempt goes on where the one before ended, so a machine that is switched off often still comes to the end.
typeset_job = JobKind(TYPESET, NoArguments, _typeset, max_attempts=100, lane=TYPESET)

# Each scheduled post has a job for its moment; this one catches up after a machine has slept or a clock has jumped.
sweep = Schedule(publish_due_job, every=timedelta(minutes=1))
