"""Versions: every saved state of a post's words, compared and brought back."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import VersionNotFound
from pressroom.features.posts.filling import words_of
from pressroom.features.posts.models import Post, PostVersion
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.shelf import Shelf
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.showings import PostDifference
from pressroom.features.posts.words import Words, fields_of, flat, from_json
from pressroom.kernel.auth import Actor
from pressroom.kernel.preconditions import Precondition, etag
from pressroom.kernel.services import Services
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

    async def restore(
        self, actor: Actor, ref: str, number: int, *, wanted: Precondition, note: str | None = None
    ) -> Post:
        """Saves the words of an older version as a new one. Address, date and who may read stay as they are."""
        async with self._desk.services.reading() as session:
            changes = _brought_back(await Versions(session).get(actor, ref, number))
        change = Change(words=changes, note=note or f"Restored from version {number}")
        return await self._writing.update(actor, ref, change, wanted=wanted)


async def words_seen(session: AsyncSession, post_id: UUID, number: int) -> Words | None:
    """The manuscript that somebody saw who names this version; `None` when the post never had it."""
    try:
        return words_at(await PostRepository(session).version(post_id, number))
    except VersionNotFound:
        return None


async def versions_now(session: AsyncSession, post_ids: Collection[UUID]) -> dict[UUID, int]:
    """At which version these posts are, without those in the trash."""
    return await PostRepository(session).versions_of(post_ids)


async def changed_since(session: AsyncSession, then: Mapping[UUID, int]) -> Sequence[Post]:
    """Those posts that are not at the version any more that they had `then`, without those in the trash."""
    now = await versions_now(session, then)
    return await PostRepository(session).several([each for each, version in now.items() if version != then[each]])


async def bring_back(services: Services, actor: Actor, past: PostDifference, *, note: str) -> bool:
    """Restores the version that readers saw then, if the post still is at the one that they see now.

    In a unit of its own. Where the words are those already, nothing is written. Dying after the commit and doing it
    again is told as doing it once.

    Returns:
        Whether the post was, or had been, given a new version.

    Raises:
        PostChanged: somebody saved since, here or on disk.
        AppError: the words cannot be saved any more; the post is as it was.
    """
    ref, then = str(past.id), past.version_then or 0
    async with services.reading() as session:
        post = await Shelf(session).get(actor, ref)
        words = words_of(post)
        if words == words.changed(_brought_back(await PostRepository(session).version(post.id, then))):
            return post.version != past.version_now
    wanted = Precondition(frozenset({etag(past.version_now or 0)}))
    async with services.unit() as unit:
        desk = Desk(services, unit)
        await Restoring(desk, Writing(desk)).restore(actor, ref, then, wanted=wanted, note=note)
    return True


def _brought_back(version: PostVersion) -> dict[str, Any]:
    kept = {"slug", "published", "visibility"}
    return {name: value for name, value in fields_of(words_at(version)).items() if name not in kept}


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
