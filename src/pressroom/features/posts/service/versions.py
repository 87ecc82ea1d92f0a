"""Versions: every saved state of a post's words, compared and brought back."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import VersionNotFound
from pressroom.features.posts.models import Post, PostVersion
from pressroom.features.posts.preconditions import Precondition
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.shelf import Shelf
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.words import Words, fields_of, flat, from_json
from pressroom.kernel.auth import Actor
from pressroom.kernel.text.diff import Hunk, compare


class Versions:
    """Reads what was saved.

    Publishing raises a post's version, too, without a saved state of its own; asking for such a version gives the
    state that the post had.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._repository = PostRepository(session)
        self._shelf = Shelf(session)

    async def list(self, actor: Actor, ref: str, *, limit: int, offset: int) -> tuple[Sequence[Any], int]:
        """A page of saved states, the newest first, without their words; and how many there are."""
        post = await self._shelf.get(actor, ref)
        return await self._repository.versions(post.id, limit=limit, offset=offset)

    async def get(self, actor: Actor, ref: str, number: int) -> PostVersion:
        """The words as they were at this version.

        Raises:
            VersionNotFound: there is no such version.
        """
        post = await self._shelf.get(actor, ref)
        return await self._find(post, number)

    async def diff(self, actor: Actor, ref: str, *, old: int, new: int) -> tuple[Hunk, ...]:
        """What changed from one version to another, as files with front matter would show it."""
        post = await self._shelf.get(actor, ref)
        sides = [_as_file(words_at(await self._find(post, number))) for number in (old, new)]
        return await asyncio.to_thread(compare, *sides)

    async def _find(self, post: Post, number: int) -> PostVersion:
        if number > post.version:
            raise VersionNotFound
        return await self._repository.version(post.id, number)


class Restoring:
    """Bringing a version back."""

    def __init__(self, desk: Desk, writing: Writing) -> None:
        self._desk = desk
        self._writing = writing

    async def restore(self, actor: Actor, ref: str, number: int, *, wanted: Precondition) -> Post:
        """Saves the words of an older version as a new one. Address, date and who may read stay as they are."""
        async with self._desk.services.reading() as session:
            words = words_at(await Versions(session).get(actor, ref, number))
        kept = {"slug", "published", "visibility"}
        changes = {name: value for name, value in fields_of(words).items() if name not in kept}
        change = Change(words=changes, note=f"Restored from version {number}")
        return await self._writing.update(actor, ref, change, wanted=wanted)


def words_at(version: PostVersion) -> Words:
    """The manuscript that a version holds."""
    return from_json(version.front, title=version.title, content=version.content_raw)


def _as_file(words: Words) -> str:
    front = {name: value for name, value in flat(fields_of(words)).items() if value not in (None, "", [], {}, ())}
    front.pop("content", None)
    tags = {"tags": list(words.tags)} if words.tags else {}
    own = front.pop("frontmatter", {})
    from pressroom.kernel.text.frontmatter import join  # noqa: PLC0415  # YAML, only where versions differ

    return join({**front, "visibility": str(words.visibility), **tags, **own}, words.content)
