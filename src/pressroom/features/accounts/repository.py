"""All SQL of the slice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import EmailTaken, UsernameTaken, UserNotFound
from pressroom.features.accounts.models import OneTimeLink, RefreshToken, User
from pressroom.kernel.auth import Role

_ACTOR = select(User.id, User.username, User.display_name, User.role).where(User.is_active.is_(True))

# Prebuilt, because they run on every request of a signed-in person.
ACTOR_OF_SESSION = _ACTOR.where(
    User.id == bindparam("user_id"),
    User.security_version == bindparam("version"),
    exists().where(RefreshToken.family == bindparam("session_id"), RefreshToken.revoked_at.is_(None)),
)
ACTOR = _ACTOR.where(User.id == bindparam("user_id"))
FIRST_OWNER = _ACTOR.where(User.role == Role.owner).order_by(User.created_at, User.id).limit(1)
SORTS = {"created_at": User.created_at, "username": User.username_key, "last_sign_in_at": User.last_sign_in_at}
QUIET: dict[str, Any] = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which people a list shows."""

    q: str | None = None
    role: Role | None = None
    is_active: bool | None = None
    sort: str = "created_at"


class Users:
    """The rows of people."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, user_id: UUID, *, lock: bool = False) -> User:
        """The person; with `lock`, nobody else changes the row until this transaction ends.

        Raises:
            UserNotFound: there is none with this id.
        """
        statement = select(User).where(User.id == user_id)
        found = await self._session.scalar(statement.with_for_update() if lock else statement)
        if found is None:
            raise UserNotFound
        return found

    async def find(self, user_id: UUID) -> User | None:
        """The person, if there is one with this id."""
        return await self._session.get(User, user_id)

    async def find_by_login(self, key: str) -> User | None:
        """By the folded username or address; only an address has an `@`."""
        column = User.email_key if "@" in key else User.username_key
        return await self._session.scalar(select(User).where(column == key))

    async def add(self, user: User) -> None:
        """Stores somebody new.

        Raises:
            UsernameTaken, EmailTaken: somebody has it already, even if they got it at this very moment.
        """
        self._session.add(user)
        await self.flush()

    async def flush(self) -> None:
        """Sends the changes so far; raises as `add` does."""
        try:
            await self._session.flush()
        except IntegrityError as error:
            reason = str(error.orig)
            if "username_key" in reason:
                raise UsernameTaken from error
            if "email_key" in reason:
                raise EmailTaken from error
            raise

    async def list(self, wanted: UserFilter, *, limit: int, offset: int) -> tuple[Sequence[User], int]:
        """One page of people, and how many there are in all."""
        base = _filtered(select(User), wanted)
        column = SORTS[wanted.sort.lstrip("-")]
        order = column.desc().nulls_last() if wanted.sort.startswith("-") else column.asc().nulls_first()
        rows = await self._session.scalars(base.order_by(order, User.id).limit(limit).offset(offset))
        total = await self._session.scalar(_filtered(select(func.count()).select_from(User), wanted))
        return rows.all(), int(total or 0)

    async def by_ids(self, ids: Collection[UUID]) -> Sequence[Any]:
        """`(id, username, display_name)` of each of these who exists."""
        statement = select(User.id, User.username, User.display_name).where(User.id.in_(ids))
        return (await self._session.execute(statement)).all()

    async def owners(self, *, lock: bool = False) -> Sequence[User]:
        """The active owners, the first one first; with `lock`, they stay owners until this transaction ends."""
        statement = select(User).where(User.role == Role.owner, User.is_active.is_(True))
        ordered = statement.order_by(User.created_at, User.id)
        return (await self._session.scalars(ordered.with_for_update() if lock else ordered)).all()


class RefreshTokens:
    """The rows of sessions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, token_hash: str) -> RefreshToken | None:
        return await self._session.scalar(select(RefreshToken).where(RefreshToken.hash == token_hash))

    async def rotate(self, token_id: UUID, now: datetime) -> bool:
        """Marks a token as exchanged; of two that try at once, one gets `True`."""
        statement = (
            update(RefreshToken)
            .where(RefreshToken.id == token_id, RefreshToken.rotated_at.is_(None), RefreshToken.revoked_at.is_(None))
            .values(rotated_at=now)
            .returning(RefreshToken.id)
        )
        return (await self._session.execute(statement, execution_options=QUIET)).scalar_one_or_none() is not None

    async def revoke(self, user_id: UUID, now: datetime, *, only: UUID | None = None, but: UUID | None = None) -> int:
        """Ends this person's sessions: all, `only` one, or all `but` one. Returns how many tokens that hit.

        The person's row is locked first: of a token that is exchanged meanwhile, the next one is hit, too.
        """
        await self._session.execute(select(User.id).where(User.id == user_id).with_for_update())
        statement = update(RefreshToken).where(RefreshToken.user_id == user_id, RefreshToken.revoked_at.is_(None))
        if only is not None:
            statement = statement.where(RefreshToken.family == only)
        if but is not None:
            statement = statement.where(RefreshToken.family != but)
        ended = statement.values(revoked_at=now).returning(RefreshToken.id)
        return len((await self._session.execute(ended, execution_options=QUIET)).all())

    async def live(self, user_id: UUID, now: datetime) -> Sequence[RefreshToken]:
        """The newest token of each session that goes on, the most recently used first."""
        statement = (
            select(RefreshToken)
            .join(User, User.id == RefreshToken.user_id)
            .where(
                RefreshToken.user_id == user_id,
                RefreshToken.security_version == User.security_version,
                RefreshToken.rotated_at.is_(None),
                RefreshToken.revoked_at.is_(None),
                RefreshToken.expires_at > now,
            )
            .order_by(RefreshToken.created_at.desc(), RefreshToken.id.desc())
        )
        return (await self._session.scalars(statement)).all()

    async def addresses(self, user_id: UUID) -> Sequence[str]:
        """From where this person signed in lately."""
        statement = select(RefreshToken.ip).where(RefreshToken.user_id == user_id).distinct()
        return (await self._session.scalars(statement)).all()

    async def delete_expired(self, now: datetime) -> None:
        await self._session.execute(delete(RefreshToken).where(RefreshToken.expires_at <= now), execution_options=QUIET)


class Links:
    """The rows of mailed links."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, link: OneTimeLink) -> None:
        self._session.add(link)
        await self._session.flush()

    async def delete_same(self, purpose: str, email_key: str) -> None:
        """Takes away the links of this purpose that went to this address before."""
        same = delete(OneTimeLink).where(OneTimeLink.purpose == purpose, OneTimeLink.email_key == email_key)
        await self._session.execute(same, execution_options=QUIET)

    async def find(self, link_id: UUID, now: datetime) -> OneTimeLink | None:
        """The link, if it can still be used."""
        statement = select(OneTimeLink).where(OneTimeLink.id == link_id, OneTimeLink.expires_at > now)
        return await self._session.scalar(statement)

    async def take(self, link_id: UUID, now: datetime) -> OneTimeLink | None:
        """Uses the link up; of two that try at once, one gets it."""
        statement = delete(OneTimeLink).where(OneTimeLink.id == link_id, OneTimeLink.expires_at > now)
        return (await self._session.scalars(statement.returning(OneTimeLink), execution_options=QUIET)).one_or_none()

    async def list(self, purpose: str, now: datetime, *, limit: int, offset: int) -> tuple[Sequence[OneTimeLink], int]:
        """One page of the links of a purpose that can still be used, the newest first, and how many there are."""
        alive = (OneTimeLink.purpose == purpose, OneTimeLink.expires_at > now)
        newest = select(OneTimeLink).where(*alive).order_by(OneTimeLink.created_at.desc(), OneTimeLink.id.desc())
        rows = await self._session.scalars(newest.limit(limit).offset(offset))
        total = await self._session.scalar(select(func.count()).select_from(OneTimeLink).where(*alive))
        return rows.all(), int(total or 0)

    async def delete_of(self, user_id: UUID) -> None:
        """Takes away every link of this person's account."""
        await self._session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id), execution_options=QUIET)

    async def delete_expired(self, now: datetime) -> None:
        await self._session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= now), execution_options=QUIET)


def _filtered(statement: Select[Any], wanted: UserFilter) -> Select[Any]:
    if wanted.q:
        contains = [column.contains(wanted.q, autoescape=True) for column in (User.username_key, User.email_key)]
        statement = statement.where(or_(*contains))
    if wanted.role is not None:
        statement = statement.where(User.role == wanted.role)
    if wanted.is_active is not None:
        statement = statement.where(User.is_active.is_(wanted.is_active))
    return statement
