"""Who is who: the slice's public face for reading."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.repository import ACTOR, UserFilter, Users
from pressroom.kernel.auth import Actor, Role


@dataclass(frozen=True, slots=True)
class Person:
    """What readers may know about somebody."""

    id: UUID
    username: str
    display_name: str


async def people(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Person]:
    """These people by their ids, in one query; ids that nobody has are left out."""
    if not ids:
        return {}
    rows = await Users(session).by_ids(ids)
    return {row.id: Person(row.id, row.username, row.display_name) for row in rows}


async def find_person(session: AsyncSession, username: str) -> Person | None:
    """The person of this username, whatever its case."""
    user = await Users(session).find_by_login(fold(username))
    return None if user is None else Person(user.id, user.username, user.display_name)


async def find_actor(session: AsyncSession, user_id: UUID) -> Actor | None:
    """This person with the role of this moment; `None` when they are gone or deactivated."""
    row = (await session.execute(ACTOR, {"user_id": user_id})).one_or_none()
    return None if row is None else Actor(row.id, row.username, row.display_name, Role(row.role))


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody to whom mail can be sent."""

    name: str
    email: str


async def reachable(session: AsyncSession, user_id: UUID | None) -> list[Reachable]:
    """The person, if mail reaches them; else the owners that it reaches."""
    users = Users(session)
    found = [user] if user_id and (user := await users.find(user_id)) and user.is_active and user.email else []
    return [Reachable(each.display_name, each.email) for each in found or await users.owners() if each.email]


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    """Everything about one person.

    Raises:
        UserNotFound: there is none with this id.
    """
    return await Users(session).get(user_id)


async def list_users(
    session: AsyncSession, wanted: UserFilter, *, limit: int, offset: int
) -> tuple[Sequence[User], int]:
    """One page of people, and how many there are in all: two queries."""
    return await Users(session).list(wanted, limit=limit, offset=offset)


__all__ = [
    "Person",
    "Reachable",
    "UserFilter",
    "find_actor",
    "find_person",
    "get_user",
    "list_users",
    "people",
    "reachable",
]
