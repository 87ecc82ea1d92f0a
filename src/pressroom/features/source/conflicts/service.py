"""Conflicts as a person meets them: which there are, both texts side by side, the decision."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from uuid import UUID

from pressroom.features.posts.importing.reading import Read, Refused, read_data
from pressroom.features.posts.service.shelf import Named, Shelf
from pressroom.features.posts.typeset import House
from pressroom.features.source.code import check_code
from pressroom.features.source.conflicts.errors import ConflictNotFound, NotAPost
from pressroom.features.source.conflicts.markers import without_markers
from pressroom.features.source.conflicts.repository import SourceConflicts
from pressroom.features.source.conflicts.resolving import Decision, Resolving, check_open
from pressroom.features.source.conflicts.side_by_side import Stretch, side_by_side
from pressroom.features.source.faithful.bodies import newline_of
from pressroom.features.source.models import SourceConflict
from pressroom.kernel.auth import Actor
from pressroom.kernel.preconditions import Precondition
from pressroom.kernel.services import Services


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the two texts, or a whole file of one's own."""

    take: Literal["ours", "theirs"] | None = None
    text: str | None = None


class Shown(NamedTuple):
    """A conflict with its post and where its texts differ."""

    conflict: SourceConflict
    post: Named
    hunks: tuple[Stretch, ...]


class Conflicts:
    """Works in small units of its own: texts are compared and rendered while nobody waits for the database."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, actor: Actor, *, limit: int, offset: int) -> tuple[Sequence[tuple[Any, Named]], int]:
        """A page of open conflicts, the oldest first, and how many there are; authors see those of their own posts."""
        async with self._services.reading() as session:
            found = await SourceConflicts(session).list_open()
            posts = await Shelf(session).names(actor, [row.post_id for row in found])
        mine = [(row, posts[row.post_id]) for row in found if row.post_id in posts]
        return mine[offset : offset + limit], len(mine)

    async def get(self, actor: Actor, conflict_id: UUID) -> Shown:
        """One conflict, open or over, with both texts.

        Raises:
            ConflictNotFound: there is none, or its post is somebody else's.
        """
        conflict, post = await self._find(actor, conflict_id)
        return Shown(conflict, post, await asyncio.to_thread(side_by_side, conflict.ours, conflict.theirs))

    async def resolve(self, actor: Actor, conflict_id: UUID, choice: Choice, *, wanted: Precondition) -> Shown:
        """Writes what a person decided into the file, as a new version; both texts stay versions and in the conflict.

        The version, the end of the conflict and the intent that writes the file are committed together: a kill before
        leaves the conflict open, one after it leaves the file to the next start.

        Raises:
            ConflictNotFound: there is none, or its post is somebody else's.
            ConflictOver: somebody else decided already.
            ConflictChanged: the conflict, or the file, is not what was seen.
            CodeForAdmins: the file is code, and this is no administrator.
            NotAPost: the text cannot be read as a post.
            SlugTaken: it asks for an address that another post has.
        """
        conflict, _ = await self._find(actor, conflict_id)
        check_open(conflict, wanted)
        check_code(conflict.path, actor)
        content = _chosen(conflict, choice)
        house = House.of(self._services.settings)
        found = await asyncio.to_thread(_understood, conflict.path, content, house)
        decision = Decision(choice.take or "text", content, found)
        async with self._services.unit() as unit:
            await Resolving(self._services, unit).settle(actor, conflict, decision, wanted=wanted)
        return await self.get(actor, conflict_id)

    async def _find(self, actor: Actor, conflict_id: UUID) -> tuple[SourceConflict, Named]:
        async with self._services.reading() as session:
            conflict = await SourceConflicts(session).find(conflict_id)
            posts = await Shelf(session).names(actor, [conflict.post_id]) if conflict else {}
        if conflict is None or conflict.post_id not in posts:
            raise ConflictNotFound
        return conflict, posts[conflict.post_id]


def _chosen(conflict: SourceConflict, choice: Choice) -> bytes:
    """The whole file that was decided for; a form sends bare line feeds, which become those of the file."""
    if choice.text is None:
        return conflict.ours if choice.take == "ours" else conflict.theirs
    newline = newline_of(conflict.theirs.decode())
    return (choice.text if "\r" in choice.text else choice.text.replace("\n", newline)).encode()


def _understood(path: str, content: bytes, house: House) -> Read:
    found = without_markers(content, read_data(path, content, house))
    if isinstance(found, Read):
        return found
    reason = found.reason if isinstance(found, Refused) else "it is empty"
    raise NotAPost(f"{path}: {reason}. Nothing was changed.")
