"""What the slice does outside requests."""

from datetime import timedelta

from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.looking import SCAN
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule


async def _scan(context: JobContext, arguments: NoArguments) -> None:
    from pressroom.features.source.scanning import scan  # noqa: PLC0415  # only where a folder is attached

    del arguments
    async with context.services.reading() as session:
        attachment = await find_attachment(session)
    if attachment:
        await scan(context.services)


# One lane: two that look at once would only wait for each other.
scan_job = JobKind(SCAN, NoArguments, _scan, lane=SCAN)
every_minute = Schedule(scan_job, every=timedelta(minutes=1))
