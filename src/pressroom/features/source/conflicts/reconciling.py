"""Reconciling a row that is ahead of its file with a file that was changed on disk.

Both texts become versions, then one of three things is committed, whole: the file's words, where ours adds nothing;
both sides' changes, with the intent that writes them into the file; or a conflict, and the file stays as it is. A kill
before the commit leaves the row ahead, and the next scan comes here again; one after it leaves the intent.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pressroom.features.posts.importing.reading import Read, Refused
from pressroom.features.posts.manuscripts import RowManuscripts
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.typeset import House
from pressroom.features.source.ahead import agree, hold
from pressroom.features.source.checking import Check
from pressroom.features.source.conflicts.course import Course
from pressroom.features.source.conflicts.meeting import Meeting, Sides, meet
from pressroom.features.source.conflicts.repository import SourceConflicts
from pressroom.features.source.disk import read_inside
from pressroom.features.source.journal import finish_intents, intend
from pressroom.features.source.models import SourceConflict, SourceFile
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.taking_in import NOTE
from pressroom.kernel.preconditions import ANY
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from pressroom.features.posts.models import Post

MERGED = "Merged"


class Outcome(StrEnum):
    """What became of both sides, as a scan counts it."""

    updated = "updated"
    merged = "merged"
    conflict = "conflicts"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file whose row is ahead, as it was before its text was read; by it a save in between is noticed."""

    path: str
    post_id: UUID
    mark: tuple[str, bytes | None, UUID | None, int]
    base: bytes
    ours: bytes


async def reconcile(services: Services, root: Path, path: str, check: Check | None) -> Outcome | Refused | None:
    """Brings both sides of a file together, or says why the file cannot be read.

    What both make together is written only where it passes the `check` of the site's build: a draft is held in its
    row, and anything else is a conflict.

    `None`: somebody was faster, or a save is on its way to the file; the next scan sees to it.

    Raises:
        SlugTaken, PostInTrash and whatever else keeps a file's words from its post: both stay as they are.
    """
    async with services.reading() as session:
        seen = await _look(SourceFiles(session), SourceConflicts(session), path)
    if seen is None:
        return None
    met = await asyncio.to_thread(_meet, root, seen, House.of(services.settings), check)
    if not isinstance(met, Meeting):
        return met
    async with services.unit() as unit:
        return await _Reconciling(services, unit).settle(seen, met)


async def _look(files: SourceFiles, conflicts: SourceConflicts, path: str) -> _Seen | None:
    """Where the words are that the file does not have: beside it, or in its open conflict."""
    file = (await files.by_path([path])).get(path)
    if file is None or file.post_id is None:
        return None
    conflict = await conflicts.find(file.conflict_id)
    held = (file.base, file.ours) if file.ours is not None else conflict and (conflict.base, conflict.ours)
    if not held:
        return None
    return _Seen(path, file.post_id, _mark(file, conflict), held[0] or b"", held[1] or b"")


def _mark(file: SourceFile, conflict: SourceConflict | None) -> tuple[str, bytes | None, UUID | None, int]:
    return file.digest, file.ours, file.conflict_id, conflict.version if conflict else 0


def _meet(root: Path, seen: _Seen, house: House, check: Check | None) -> Meeting | Refused | None:
    try:
        theirs = read_inside(root, seen.path)
    except OSError:
        return None
    # Some editors empty a file before they write it.
    if not theirs:
        return None
    return meet(seen.path, Sides(seen.base, seen.ours, theirs), house, check)


class _Reconciling:
    """One file, in one unit of work."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._desk = Desk(services, unit, keeper=RowManuscripts(unit.session))
        self._files = SourceFiles(unit.session)
        self._course = Course(services, unit)

    async def settle(self, seen: _Seen, met: Meeting) -> Outcome | None:
        post = await self._desk.open(None, str(seen.post_id), ANY)
        file = (await self._files.by_path([seen.path])).get(seen.path)
        conflict = await self._course.find(file) if file else None
        if file is None or _mark(file, conflict) != seen.mark or await self._files.intents(seen.path):
            return None
        # Where a merge follows, what the file alone says about drafts is not shown to readers for a moment.
        await self._write(
            post, met.theirs, NOTE, slug=met.slug, draft=None if met.merged else met.theirs.prepared.draft
        )
        self._take(file, post, met.theirs.digest)
        if met.conflict:
            if conflict:
                self._course.follow(conflict, met.conflict)
            else:
                await self._course.open(file, post.id, met.conflict, base=met.sides.base)
            return Outcome.conflict
        agree(file)
        await self._course.end(file, "merged")
        return await self._merge(post, file, met, met.merged) if met.merged else Outcome.updated

    async def _merge(self, post: "Post", file: SourceFile, met: Meeting, merged: Read) -> Outcome:
        await self._write(post, merged, MERGED, slug=merged.prepared.words.slug, draft=merged.prepared.draft)
        if met.is_held:
            hold(file, stood=met.sides.theirs, ours=met.content)
            return Outcome.merged
        intend(self._files, file, met.content, stood=met.sides.theirs, now=self._desk.now())
        file.slug = post.slug
        self._unit.after_commit(self._finish)
        return Outcome.merged

    async def _write(self, post: "Post", found: Read, note: str, *, slug: str | None, draft: bool | None) -> None:
        words = found.prepared.words.changed({"slug": slug or post.slug})
        await Writing(self._desk).write(post, words, found.prepared.made, Change(draft=draft, note=note), by=None)

    def _take(self, file: SourceFile, post: "Post", digest: str) -> None:
        """The row has the file's words; the next scan reads the file once to learn its size and time."""
        file.digest, file.size, file.mtime_ns = digest, -1, -1
        file.gone, file.error, file.seen_at = False, None, self._desk.now()
        file.slug = post.slug

    async def _finish(self) -> None:
        await finish_intents(self._services)
