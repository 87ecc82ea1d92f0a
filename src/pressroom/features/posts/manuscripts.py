"""The port behind which manuscripts live: in the row, or in a file of an attached source folder.

The service decides what is written; whoever keeps the manuscripts says whether it may replace what is there.
Every change of words goes `expect`, then `keep`, in one unit of work.
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
from pressroom.features.posts.preconditions import Precondition, conflict
from pressroom.features.posts.words import Words, fields_of, flat


@dataclass(frozen=True, slots=True)
class Saving:
    """Who saves, when, and what the list of versions says about it."""

    by: UUID | None
    at: datetime
    note: str


class Manuscripts(Protocol):
    """Keeps the words of posts, each saved state as a version."""

    async def expect(self, post: Post, wanted: Precondition, *, yours: Mapping[str, Any]) -> None:
        """Refuses unless the manuscript still is the one that the writer saw.

        Raises:
            PostChanged: it is not; `details` holds both sides, so that nothing is lost.
        """
        ...

    async def keep(self, posts: Sequence[tuple[Post, Words]], saving: Saving) -> None:
        """Keeps the words of posts whose rows are filled and whose version is the new one."""
        ...


class RowManuscripts:
    """The manuscript is the row. It dies and commits with the unit of work, as the version beside it does."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def expect(self, post: Post, wanted: Precondition, *, yours: Mapping[str, Any]) -> None:
        if wanted.allows(post.version):
            return
        current = {"version": post.version, "post": flat(fields_of(words_of(post)))}
        told = f"The post is at version {post.version} now. Your text was not saved; it is in this answer."
        raise PostChanged(told, details=conflict(wanted, {"post": dict(yours)}, current))

    async def keep(self, posts: Sequence[tuple[Post, Words]], saving: Saving) -> None:
        rows = [version_of(post, words, saved_by=saving.by, note=saving.note, now=saving.at) for post, words in posts]
        await self._session.execute(insert(PostVersion), rows)
