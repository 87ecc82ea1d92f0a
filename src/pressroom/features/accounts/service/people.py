"""Who is who: the slice's public face for reading."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.repository import UserFilter, Users


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


__all__ = ["Person", "UserFilter", "find_person", "get_user", "list_users", "people"]
