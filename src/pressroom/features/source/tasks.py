"""What the slice does outside requests."""

from datetime import timedelta
from typing import TYPE_CHECKING

from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.away import is_news
from pressroom.features.source.errors import FolderEmpty, FolderUnreadable
from pressroom.features.source.looking import SCAN
from pressroom.features.source.orders import COMMIT, PULL, PUSH, CommitOrder
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.jobs import JobContext, JobKind, NoArguments, Schedule
from pressroom.kernel.schema import Schema
from pressroom.kernel.settings import Settings

if TYPE_CHECKING:
    from pressroom.features.source.pulls import Pulled


class Committed(Schema):
    """The commit that was made, or a note that says why none was."""

    commit: str | None
    note: str


class Pushed(Schema):
    """What git said."""

    words: str


class Looked(Schema):
    """Why nothing was looked at, where that is known since an earlier look."""

    note: str = ""


async def _scan(context: JobContext, arguments: NoArguments) -> Looked:
    """Fails once for a folder that is away, not each minute until it is back."""
    from pressroom.features.source.scanning import scan  # noqa: PLC0415  # only where a folder is attached

    del arguments
    async with context.services.reading() as session:
        attachment = await find_attachment(session)
    if attachment is None:
        return Looked()
    try:
        await scan(context.services)
    except (FolderEmpty, FolderUnreadable) as error:
        if await is_news(context.services, error.detail):
            raise
        return Looked(note=error.detail)
    await is_news(context.services, None)
    return Looked()


async def _commit(context: JobContext, order: CommitOrder) -> Committed:
    from pressroom.features.source.commits import commit_post  # noqa: PLC0415  # only where commits are wished for

    made = await commit_post(context.services, order)
    return Committed(commit=made.commit, note=made.note)


async def _push(context: JobContext, arguments: NoArguments) -> Pushed:
    from pressroom.features.source.commits import push  # noqa: PLC0415  # only where a remote is set

    del arguments
    return Pushed(words=await push(context.services, interrupt=context.raise_if_cancelled))


async def _pull(context: JobContext, arguments: NoArguments) -> "Pulled":
    from pressroom.features.source.pulls import pull  # noqa: PLC0415  # only when somebody pulls

    del arguments
    return await pull(context)


def _pull_interval(settings: Settings) -> timedelta | None:
    minutes = settings[SourceSettings].git_pull_minutes
    return timedelta(minutes=minutes) if minutes else None


# One lane: two that look at once would only wait for each other.
scan_job = JobKind(SCAN, NoArguments, _scan, lane=SCAN)
every_minute = Schedule(scan_job, every=timedelta(minutes=1))
# One lane for whatever changes the repository. Whoever asked for a pull waits for its answer, so it is tried once.
commit_job = JobKind(COMMIT, CommitOrder, _commit, lane="source.git", backoff=5.0)
push_job = JobKind(PUSH, NoArguments, _push, lane="source.git", backoff=30.0)
pull_job = JobKind(PULL, NoArguments, _pull, lane="source.git", max_attempts=1)
pull_now_and_then = Schedule(pull_job, every=_pull_interval)
JOBS = (scan_job, commit_job, push_job, pull_job)
SCHEDULES = (every_minute, pull_now_and_then)
