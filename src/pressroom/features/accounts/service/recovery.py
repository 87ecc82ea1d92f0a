"""A new password for somebody who forgot theirs."""

from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import LinkDead
from pressroom.features.accounts.letters import Letter
from pressroom.features.accounts.links import Purpose
from pressroom.features.accounts.models import OneTimeLink, User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.repository import Links, Users
from pressroom.features.accounts.service.identity import end_everything, hash_new_password
from pressroom.features.accounts.service.posting import find_link, new_link, post, use_link
from pressroom.features.accounts.throttle import Throttle
from pressroom.kernel.jobs import JobContext, JobKind
from pressroom.kernel.schema import Schema
from pressroom.kernel.secrets import fingerprint
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


class ForgotPassword(Schema):
    """Somebody says that they forgot the password of the account with this address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str


async def make_reset_link(context: JobContext, wanted: ForgotPassword) -> None:
    """Posts a link to whoever has this address, if anybody. Run again, it replaces the link before."""
    services = context.services
    key = fold(wanted.email)
    async with services.unit() as unit:
        user = await Users(unit.session).find_by_login(key)
        if user is None or user.email is None or not user.is_active:
            return
        links = Links(unit.session)
        await links.delete_same(Purpose.reset_password, key)
        link = new_link(services, Purpose.reset_password, email=user.email, user_id=user.id)
        await links.add(link)
        await post(unit, Letter.reset_password, to=user.email, name=user.username, link=link)


FORGOT_PASSWORD = JobKind("accounts.forgot_password", ForgotPassword, make_reset_link)


class Recovery:
    """Getting back in by mail."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit

    async def forgot(self, email: str, *, ip: str) -> None:
        """Has a link posted. The account is looked for by the job, so no answer and no timing tells of it.

        Raises:
            TooManyAttempts: too many requests from this address.
        """
        throttle = Throttle(self._services)
        await throttle.request("forgot", ip)
        key = fold(email)
        if await throttle.may_mail(key):
            await self._unit.enqueue(
                FORGOT_PASSWORD, ForgotPassword(email=email), key=f"accounts.forgot:{fingerprint(key)}"
            )

    async def reset(self, token: str, password: str, *, ip: str) -> None:
        """Sets a new password by a mailed link, ends every session, and confirms the address it was mailed to.

        Raises:
            LinkDead, PasswordRefused
        """
        link = await find_link(self._services, token, Purpose.reset_password)
        async with self._services.reading() as session:
            holder = await self._holder(session, link)
        hashed = await hash_new_password(self._services, password, holder.username, holder.email)
        await use_link(self._services, self._unit, token, Purpose.reset_password)
        user = await self._holder(self._unit.session, link, lock=True)
        user.hashed_password = hashed
        user.email_verified_at = self._services.clock.now()
        user.changed(user.email_verified_at)
        await end_everything(self._services, self._unit, user)
        await post(self._unit, Letter.password_changed, to=link.email, name=user.username)
        await Throttle(self._services).forgive({user.username_key, link.email_key}, ip)

    async def _holder(self, session: AsyncSession, link: OneTimeLink, *, lock: bool = False) -> User:
        """Whom the link belongs to, as long as they are active and still use that address."""
        if link.user_id is None:
            raise LinkDead
        user = await Users(session).get(link.user_id, lock=lock)
        if not user.is_active or user.email_key != link.email_key:
            raise LinkDead
        return user
