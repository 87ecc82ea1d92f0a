"""What each page asks for and does; nothing here knows HTTP."""

from dataclasses import dataclass
from typing import Any, Protocol

from pressroom.features.accounts.links import Purpose
from pressroom.features.accounts.schemas import Body, DisplayName, Email, Password, Username
from pressroom.features.accounts.service.identity import NewPerson
from pressroom.features.accounts.service.posting import find_link
from pressroom.features.accounts.service.recovery import Recovery
from pressroom.features.accounts.service.registration import Registering, Registration
from pressroom.features.accounts.service.setup import check_setup_token, create_owner
from pressroom.kernel.auth import Role
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


class OwnerForm(Body):
    username: Username
    email: Email
    password: Password


class JoinForm(Body):
    username: Username
    display_name: DisplayName | None = None
    password: Password


class PasswordForm(Body):
    password: Password


class ConfirmForm(Body):
    """Only a button."""


@dataclass(frozen=True)
class Submission:
    """A form that was sent and whose fields are clean."""

    token: str
    fields: Any
    ip: str


class FormPage(Protocol):
    """One page: its name in the words, its address, and its fields."""

    @property
    def name(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def schema(self) -> type[Body]: ...

    async def check(self, services: Services, token: str) -> None:
        """Raises the named failure of a link that is no good; uses nothing up."""
        ...

    async def act(self, services: Services, unit: UnitOfWork, sent: Submission) -> str:
        """Does it, in this unit. Returns the username to sign in with, where it is known."""
        ...


class SetupPage:
    """Creates the owner."""

    name, path, schema = "setup", "/setup", OwnerForm

    async def check(self, services: Services, token: str) -> None:
        await check_setup_token(services, token)

    async def act(self, services: Services, unit: UnitOfWork, sent: Submission) -> str:
        person = NewPerson(sent.fields.username, sent.fields.email, Role.owner, is_verified=False)
        owner = await create_owner(services, unit, token=sent.token, person=person, password=sent.fields.password)
        return owner.username


class JoinPage:
    """Accepts an invitation."""

    name, path, schema = "join", "/account/join", JoinForm

    async def check(self, services: Services, token: str) -> None:
        await find_link(services, token, Purpose.invite)

    async def act(self, services: Services, unit: UnitOfWork, sent: Submission) -> str:
        fields = sent.fields
        wanted = Registering(fields.username, fields.password, fields.display_name or "")
        return (await Registration(services, unit).accept_invite(sent.token, wanted)).username


class PasswordPage:
    """Sets a new password."""

    name, path, schema = "password", "/account/password", PasswordForm

    async def check(self, services: Services, token: str) -> None:
        await find_link(services, token, Purpose.reset_password)

    async def act(self, services: Services, unit: UnitOfWork, sent: Submission) -> str:
        await Recovery(services, unit).reset(sent.token, sent.fields.password, ip=sent.ip)
        return ""


class ConfirmPage:
    """Confirms an address."""

    name, path, schema = "confirm", "/account/confirm", ConfirmForm

    async def check(self, services: Services, token: str) -> None:
        await find_link(services, token, Purpose.register, Purpose.change_email)

    async def act(self, services: Services, unit: UnitOfWork, sent: Submission) -> str:
        return (await Registration(services, unit).confirm(sent.token)).username


PAGES: tuple[FormPage, ...] = (SetupPage(), JoinPage(), PasswordPage(), ConfirmPage())
