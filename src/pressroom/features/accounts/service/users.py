"""What those who run the publication may do about people."""

from dataclasses import dataclass, field
from uuid import UUID

from pressroom.features.accounts.errors import LastOwner
from pressroom.features.accounts.events import PersonRenamed
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.policy import may_grant, may_manage
from pressroom.features.accounts.repository import Users
from pressroom.features.accounts.service.identity import (
    NewPerson,
    build_user,
    check_version,
    end_everything,
    hash_new_password,
)
from pressroom.kernel.auth import Actor, Role
from pressroom.kernel.errors import NotPermitted
from pressroom.kernel.preconditions import ANY, Precondition
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """Only the fields in `given` are changed; names and addresses are clean already."""

    given: frozenset[str] = field(default_factory=frozenset)
    username: str = ""
    email: str | None = None
    display_name: str = ""
    role: Role = Role.member
    is_active: bool = True
    password: str = ""


class UserAdministration:
    """Making, changing and deactivating people."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._users = Users(unit.session)

    async def create(self, actor: Actor, person: NewPerson, *, password: str | None) -> User:
        """Makes somebody; without a password they get one by the link for a forgotten one.

        Args:
            actor: who wants it; the command line hands in `OPERATOR`.
            person: whom.
            password: in the clear.

        Raises:
            NotPermitted: the role is above the actor's own.
            UsernameTaken, EmailTaken, PasswordRefused
        """
        if not may_grant(actor, person.role):
            raise NotPermitted("You cannot make anyone with a role above your own.")
        hashed = None
        if password is not None:
            hashed = await hash_new_password(self._services, password, person.username, person.email)
        user = build_user(self._services, person)
        user.hashed_password = hashed
        await self._users.add(user)
        return user

    async def change(self, actor: Actor, user_id: UUID, change: UserChange, *, wanted: Precondition = ANY) -> User:
        """Changes what is given, all of it or nothing. Another role, password or activity ends every session.

        Raises:
            UserChanged: it is not the version that was `wanted`; both sides are in its details.
            UserNotFound, NotPermitted, LastOwner, UsernameTaken, EmailTaken, PasswordRefused
        """
        hashed = None
        if "password" in change.given:
            hashed = await hash_new_password(self._services, change.password, change.username, change.email)
        user = await self._locked(user_id)
        _check(actor, user, change)
        check_version(user, wanted, change)
        return await self._apply(user, change, hashed)

    async def deactivate(self, actor: Actor, user_id: UUID) -> None:
        """Shuts somebody out and ends every session; what they wrote stays.

        Raises:
            UserNotFound, NotPermitted, LastOwner
        """
        await self.change(actor, user_id, UserChange(given=frozenset({"is_active"}), is_active=False))

    async def _locked(self, user_id: UUID) -> User:
        """The row, locked after the owners' rows: whoever takes an owner away waits for the one before."""
        await self._users.owners(lock=True)
        return await self._users.get(user_id, lock=True)

    async def _apply(self, user: User, change: UserChange, hashed: str | None) -> User:
        was = (user.username, user.display_name)
        secured = (user.role, user.is_active)
        await self._keep_an_owner(user, change)
        self._rename(user, change)
        if "role" in change.given:
            user.role = change.role.value
        if "is_active" in change.given:
            user.is_active = change.is_active
        if hashed is not None:
            user.hashed_password = hashed
        if hashed is not None or secured != (user.role, user.is_active):
            await end_everything(self._services, self._unit, user)
        user.changed(self._services.clock.now())
        await self._users.flush()
        if was != (user.username, user.display_name):
            await self._unit.announce(PersonRenamed(user.id))
        return user

    def _rename(self, user: User, change: UserChange) -> None:
        if "username" in change.given:
            user.username, user.username_key = change.username, fold(change.username)
        if "display_name" in change.given:
            user.display_name = change.display_name
        if "email" in change.given:
            key = fold(change.email) if change.email else None
            user.email_verified_at = user.email_verified_at if key == user.email_key else None
            user.email, user.email_key = change.email, key

    async def _keep_an_owner(self, user: User, change: UserChange) -> None:
        demoted = "role" in change.given and change.role is not Role.owner
        shut_out = "is_active" in change.given and not change.is_active
        if not (demoted or shut_out):
            return
        if [owner.id for owner in await self._users.owners()] == [user.id]:
            raise LastOwner


def _check(actor: Actor, user: User, change: UserChange) -> None:
    if not may_manage(actor, Role(user.role)):
        raise NotPermitted("You can only change people whose role is below yours.")
    if "role" in change.given and not may_grant(actor, change.role):
        raise NotPermitted("You cannot raise anyone above your own role.")
