"""A failed build marks the post that is to blame, and tells its author once."""

from uuid import UUID

from pydantic import ConfigDict

from pressroom.features.accounts.service import reachable
from pressroom.features.posts import troubles
from pressroom.features.site.building.fault import Fault
from pressroom.features.site.letters import build_failed
from pressroom.kernel.jobs import JobContext, JobKind
from pressroom.kernel.ports import Mail
from pressroom.kernel.schema import Schema
from pressroom.kernel.settings import SiteSettings
from pressroom.kernel.uow import UnitOfWork


class TellAuthor(Schema):
    """The post that a build stopped at."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    post_id: UUID


async def mark(unit: UnitOfWork, fault: Fault) -> None:
    """Notes at the post what is wrong with it; the first time its author gets a mail."""
    if fault.post_id is None:
        return
    field = fault.fields[0] if fault.fields else None
    trouble = troubles.Trouble(
        message=field["message"] if field else fault.message,
        field=field["field"] if field else None,
        line=fault.line,
    )
    if await troubles.mark(unit.session, fault.post_id, trouble):
        await unit.enqueue(TELL_AUTHOR, TellAuthor(post_id=fault.post_id))


async def clear_marks(unit: UnitOfWork) -> None:
    """After a build that succeeded no post stands in the way."""
    await troubles.clear(unit.session)


async def tell_author(context: JobContext, wanted: TellAuthor) -> None:
    """Mails the author of a marked post, or the owners where it has none. A mark that is gone is not mentioned.

    A crash after sending may send it twice.
    """
    services = context.services
    async with services.reading() as session:
        marked = await troubles.find(session, wanted.post_id)
        if marked is None:
            return
        people = await reachable(session, marked.author_id)
    site = services.settings[SiteSettings]
    for person in people:
        words = build_failed(site.language, site=site.title, name=person.name, post=marked)
        await services.mailer.send(Mail(to=person.email, subject=words.subject, text=words.text))


TELL_AUTHOR = JobKind("site.tell_author", TellAuthor, tell_author, max_attempts=8, backoff=5)
