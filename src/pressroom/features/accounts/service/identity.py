"""What every way of making or changing a person shares."""

from dataclasses import dataclass
from typing import Any

from pressroom.features.accounts.errors import UserChanged
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.passwords import check_policy, hash_password
from pressroom.features.accounts.repository import Links, RefreshTokens
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.auth import Role
from pressroom.kernel.ids import new_id
from pressroom.kernel.preconditions import Precondition, conflict
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

_TOLD = ("username", "email", "display_name", "avatar_url", "role", "is_active")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be made; names and address are clean already."""

    username: str
    email: str | None
    role: Role
    display_name: str = ""
    hashed_password: str | None = None
    is_verified: bool = False


def build_user(services: Services, person: NewPerson) -> User:
    """The row of somebody new; the display name is the username where there is none."""
    now = services.clock.now()
    return User(
        id=new_id(),
        username=person.username,
        username_key=fold(person.username),
        email=person.email,
        email_key=fold(person.email) if person.email else None,
        hashed_password=person.hashed_password,
        display_name=person.display_name or person.username,
        role=person.role.value,
        is_active=True,
        email_verified_at=now if person.is_verified else None,
        security_version=1,
        version=1,
        created_at=now,
        updated_at=now,
    )


async def hash_new_password(services: Services, password: str, *names: str | None) -> str:
    """The hash of a password that the policy accepts. Call it before the unit's first SQL: it takes its time.

    Raises:
        PasswordRefused: the policy does not accept it.
    """
    shortest = services.settings[AccountsSettings].password_min_length
    check_policy(password, shortest=shortest, names=tuple(filter(None, names)))
    return await hash_password(password)


def check_version(user: User, wanted: Precondition, change: Any) -> None:
    """Refuses to overwrite what the writer of a `change`, a dataclass with `given` fields, has not seen.

    Raises:
        UserChanged: with both sides; of passwords neither.
    """
    if wanted.allows(user.version):
        return
    yours = {name: getattr(change, name) for name in change.given if name in _TOLD}
    current = {"version": user.version, "user": {name: getattr(user, name) for name in _TOLD}}
    raise UserChanged(details=conflict(wanted, {"user": yours}, current))


async def end_everything(services: Services, unit: UnitOfWork, user: User) -> None:
    """Ends every session, token and mailed link of this person when the unit commits."""
    user.security_version += 1
    await Links(unit.session).delete_of(user.id)
    await RefreshTokens(unit.session).revoke(user.id, services.clock.now())
