"""The port behind which manuscripts live: in the row, or in a file of an attached source folder.

The service decides what is written; whoever keeps the manuscripts says whether it may replace what is there.
Every change of words goes `expect`, then `keep`, then `settle`, in one unit of work; where only the standing of a
post changes there is nothing to `keep`. `locate` may be asked at any time, also by whoever only reads. A slice that
brings another adapter names it in its manifest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import PostChanged
from pressroom.features.posts.filling import version_of, words_of
from pressroom.features.posts.models import Post, PostVersion
from pressroom.features.posts.words import Words, fields_of, flat
from pressroom.kernel.auth import Actor
from pressroom.kernel.events import EventBus
from pressroom.kernel.preconditions import Precondition, conflict
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Saving:
    """Who saves, when, and what the list of versions says about it."""

    by: UUID | None
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What is wrong with one field: a JSON pointer into a flat body (empty for the whole), and a sentence."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a manuscript lives.

    Attributes:
        file: its path in the attached folder; None while it has no file.
        held: whether the row has words that the folder does not have, because the site's build would refuse them.
        problems: what the site's build would refuse.
    """

    file: str | None
    held: bool = False
    problems: tuple[Missing, ...] = ()


class Manuscripts(Protocol):
    """Keeps the words of posts, each saved state as a version."""

    async def expect(
        self, post: Post, wanted: Precondition, *, yours: Mapping[str, Any], by: Actor | None = None
    ) -> None:
        """Refuses unless the manuscript still is the one that the writer saw. `by` is `None` for the program itself.

        Raises:
            PostChanged: it is not; `details` holds both sides, so that nothing is lost.
        """
        ...

    async def keep(self, posts: Sequence[tuple[Post, Words]], saving: Saving) -> None:
        """Keeps the words of posts whose rows are filled and whose version is the new one."""
        ...

    async def settle(self, posts: Sequence[Post]) -> None:
        """Follows posts whose rows are as they will be committed: words, standing, trash.

        May refuse a post that readers would see, with a failure of the adapter's own; nothing is written then.
        """
        ...

    async def locate(self, post: Post) -> Whereabouts | None:
        """Says where the post's manuscript lives and what keeps it from its file; None where only rows are kept."""
        ...


class RowManuscripts:
    """The manuscript is the row. It dies and commits with the unit of work, as the version beside it does."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def expect(
        self, post: Post, wanted: Precondition, *, yours: Mapping[str, Any], by: Actor | None = None
    ) -> None:
        del by
        if wanted.allows(post.version):
            return
        current = {"version": post.version, "post": flat(fields_of(words_of(post)))}
        told = f"The post is at version {post.version} now. Your text was not saved; it is in this answer."
        raise PostChanged(told, details=conflict(wanted, {"post": dict(yours)}, current))

    async def keep(self, posts: Sequence[tuple[Post, Words]], saving: Saving) -> None:
        rows = [version_of(post, words, saved_by=saving.by, note=saving.note, now=saving.at) for post, words in posts]
        await self._session.execute(insert(PostVersion), rows)

    async def settle(self, posts: Sequence[Post]) -> None:
        """The row is all there is."""

    async def locate(self, post: Post) -> None:
        """The row is all there is."""


def manuscripts(services: Services, unit: UnitOfWork) -> Manuscripts:
    """The adapter that a slice above brings, or the row alone."""
    adapter = services.adapters.get(Manuscripts)
    found: Manuscripts = adapter(services, unit) if adapter else RowManuscripts(unit.session)
    return found


def manuscripts_for_reading(services: Services, session: AsyncSession) -> Manuscripts:
    """The same in a session that only reads: a unit of work that nobody commits."""
    return manuscripts(services, UnitOfWork(session, EventBus(()), services))
