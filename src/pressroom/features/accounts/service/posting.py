"""Mail: links are made in the transaction that wants them, and posted by a job once it is committed."""

from datetime import timedelta
from uuid import UUID

from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import LinkDead
from pressroom.features.accounts.letters import Letter, compose
from pressroom.features.accounts.links import LinkSeal, Purpose
from pressroom.features.accounts.models import OneTimeLink
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.repository import Links, Users
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs import JobContext, JobKind
from pressroom.kernel.ports import Mail
from pressroom.kernel.schema import Schema
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings
from pressroom.kernel.uow import UnitOfWork

# Whether an address is free is found out here and not in the request, so that its timing tells nothing.
FOR_FREE_ADDRESSES = (Purpose.register, Purpose.change_email)


class SendMail(Schema):
    """One letter to one address; `link_id` names the link that stands in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    letter: Letter
    to: str
    name: str = ""
    link_id: UUID | None = None


async def send_mail(context: JobContext, wanted: SendMail) -> None:
    """Posts a letter. A crash after sending may post it twice; a link that was used meanwhile is not posted."""
    services = context.services
    site = services.settings[SiteSettings]
    letter, values = wanted.letter, {"site": site.title, "name": wanted.name}
    if wanted.link_id is not None:
        async with services.reading() as session:
            link = await Links(session).find(wanted.link_id, services.clock.now())
            if link is None:
                return
            if link.purpose in FOR_FREE_ADDRESSES and await _is_taken(session, link):
                letter = Letter.already_registered
        values |= _link_values(services, link)
    words = compose(letter, site.language, **values)
    await services.mailer.send(Mail(to=wanted.to, subject=words.subject, text=words.text))


def _link_values(services: Services, link: OneTimeLink) -> dict[str, str]:
    until = f"{link.expires_at:%Y-%m-%d %H:%M} UTC"
    return {"link": link_address(services, link), "until": until, "role": link.role or ""}


async def _is_taken(session: AsyncSession, link: OneTimeLink) -> bool:
    holder = await Users(session).find_by_login(link.email_key)
    return holder is not None and holder.id != link.user_id


SEND_MAIL = JobKind("accounts.send_mail", SendMail, send_mail, max_attempts=8, backoff=5)


async def post(unit: UnitOfWork, letter: Letter, *, to: str, name: str = "", link: OneTimeLink | None = None) -> None:
    """Has a letter posted once this unit is committed; if it fails, nobody gets one."""
    await unit.enqueue(SEND_MAIL, SendMail(letter=letter, to=to, name=name, link_id=link.id if link else None))


def new_link(services: Services, purpose: Purpose, *, email: str, user_id: UUID | None = None) -> OneTimeLink:
    """A link that is good for as long as the settings say; it counts once it is stored."""
    settings = services.settings[AccountsSettings]
    is_invite = purpose is Purpose.invite
    lifetime = timedelta(days=settings.invite_days) if is_invite else timedelta(minutes=settings.link_minutes)
    now = services.clock.now()
    return OneTimeLink(
        id=new_id(),
        purpose=purpose.value,
        email=email,
        email_key=fold(email),
        user_id=user_id,
        created_at=now,
        expires_at=now + lifetime,
    )


def link_address(services: Services, link: OneTimeLink) -> str:
    """What stands in the mail. It is made from the configured address, never from what a request says."""
    page = Purpose(link.purpose).page
    return f"{services.settings[SiteSettings].base_url}{page}?token={LinkSeal(services.secrets).token(link.id)}"


async def find_link(services: Services, token: str, *purposes: Purpose) -> OneTimeLink:
    """The link behind a token, not used up.

    Raises:
        LinkDead: there is none for one of these purposes.
    """
    link_id = LinkSeal(services.secrets).link_id(token)
    if link_id is not None:
        async with services.reading() as session:
            link = await Links(session).find(link_id, services.clock.now())
        if link is not None and link.purpose in purposes:
            return link
    raise LinkDead


async def use_link(services: Services, unit: UnitOfWork, token: str, *purposes: Purpose) -> OneTimeLink:
    """Uses up the link behind a token, in this unit: if the unit fails, the link stays good.

    Raises:
        LinkDead: there is none for one of these purposes.
    """
    link = await find_link(services, token, *purposes)
    taken = await Links(unit.session).take(link.id, services.clock.now())
    if taken is None:
        raise LinkDead
    return taken
