"""Registering: openly with a confirmed address, or by invitation."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import (
    EmailTaken,
    InviteNotFound,
    LinkDead,
    RegistrationClosed,
    UsernameTaken,
)
from pressroom.features.accounts.letters import Letter
from pressroom.features.accounts.links import Purpose
from pressroom.features.accounts.models import OneTimeLink, User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.policy import may_grant
from pressroom.features.accounts.repository import Links, Users
from pressroom.features.accounts.service.identity import NewPerson, build_user, hash_new_password
from pressroom.features.accounts.service.posting import find_link, new_link, post, use_link
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.features.accounts.throttle import Throttle
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import NotPermitted
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Registering:
    """What somebody types in who wants an account; names and address are clean already."""

    username: str
    password: str
    display_name: str = ""
    email: str = ""


class Registration:
    """Making accounts for people who ask."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._users = Users(unit.session)
        self._links = Links(unit.session)

    async def register(self, wanted: Registering, *, ip: str) -> None:
        """Posts a link that makes the account when it is opened; until then nothing is stored in the users' table.

        Nobody learns whether the address is known: the same is done for every address, and only the job that
        posts the letter finds out and writes another one. A username is public and may be told to be taken.

        Raises:
            RegistrationClosed: the settings do not allow it.
            UsernameTaken, PasswordRefused, TooManyAttempts
        """
        self._check_mode("open")
        throttle = Throttle(self._services)
        await throttle.request("register", ip)
        hashed = await hash_new_password(self._services, wanted.password, wanted.username, wanted.email)
        if await self._users.find_by_login(fold(wanted.username)):
            raise UsernameTaken
        if not await throttle.may_mail(fold(wanted.email)):
            return
        link = new_link(self._services, Purpose.register, email=wanted.email)
        link.details = {"username": wanted.username, "display_name": wanted.display_name, "hashed_password": hashed}
        await self._links.add(link)
        await post(self._unit, Letter.register, to=wanted.email, name=wanted.username, link=link)

    async def accept_invite(self, token: str, wanted: Registering) -> User:
        """Makes the account that an invitation promises; its address counts as confirmed.

        Raises:
            RegistrationClosed, LinkDead, UsernameTaken, EmailTaken, PasswordRefused
        """
        self._check_mode("open", "invite")
        invite = await find_link(self._services, token, Purpose.invite)
        hashed = await hash_new_password(self._services, wanted.password, wanted.username, invite.email)
        await use_link(self._services, self._unit, token, Purpose.invite)
        return await self._make(
            NewPerson(
                username=wanted.username,
                email=invite.email,
                role=Role(invite.role or Role.member),
                display_name=wanted.display_name,
                hashed_password=hashed,
                is_verified=True,
            )
        )

    async def confirm(self, token: str) -> User:
        """Does what a confirmation promises: makes the account that was registered, or changes the address.

        Raises:
            LinkDead, UsernameTaken, EmailTaken: the last two when somebody was faster.
        """
        link = await use_link(self._services, self._unit, token, Purpose.register, Purpose.change_email)
        if link.purpose == Purpose.register:
            self._check_mode("open")
            return await self._make(
                NewPerson(email=link.email, role=Role.member, is_verified=True, **link.details or {})
            )
        return await self._change_email(link)

    async def invite(self, actor: Actor, *, email: str, role: Role) -> OneTimeLink:
        """Invites somebody by mail, in place of an invitation they had before.

        Raises:
            RegistrationClosed, NotPermitted, EmailTaken
        """
        self._check_mode("open", "invite")
        if not may_grant(actor, role):
            raise NotPermitted("You cannot invite anyone to a role above your own.")
        if await self._users.find_by_login(fold(email)):
            raise EmailTaken
        await self._links.delete_same(Purpose.invite, fold(email))
        link = new_link(self._services, Purpose.invite, email=email)
        link.role = role.value
        await self._links.add(link)
        await post(self._unit, Letter.invite, to=email, link=link)
        return link

    async def withdraw_invite(self, actor: Actor, invite_id: UUID) -> None:
        """Takes an invitation back.

        Raises:
            InviteNotFound, NotPermitted
        """
        now = self._services.clock.now()
        link = await self._links.find(invite_id, now)
        if link is None or link.purpose != Purpose.invite:
            raise InviteNotFound
        if not may_grant(actor, Role(link.role or Role.member)):
            raise NotPermitted("You cannot take back an invitation to a role above your own.")
        await self._links.take(invite_id, now)

    async def _make(self, person: NewPerson) -> User:
        user = build_user(self._services, person)
        await self._users.add(user)
        return user

    async def _change_email(self, link: OneTimeLink) -> User:
        if link.user_id is None:
            raise LinkDead
        user = await self._users.get(link.user_id, lock=True)
        if user.email and user.email_key != link.email_key:
            await post(self._unit, Letter.email_changed, to=user.email, name=user.username)
        user.email, user.email_key = link.email, link.email_key
        user.email_verified_at = self._services.clock.now()
        user.changed(user.email_verified_at)
        await self._users.flush()
        return user

    def _check_mode(self, *modes: str) -> None:
        mode = self._services.settings[AccountsSettings].registration
        if mode not in modes:
            told = "Registration needs an invitation here." if mode == "invite" else None
            raise RegistrationClosed(told or "Registration is closed here. Ask the people who run the site.")


async def list_invites(
    services: Services, session: AsyncSession, *, limit: int, offset: int
) -> tuple[list[OneTimeLink], int]:
    """One page of the invitations that can still be accepted, and how many there are."""
    rows, total = await Links(session).list(Purpose.invite, services.clock.now(), limit=limit, offset=offset)
    return list(rows), total
