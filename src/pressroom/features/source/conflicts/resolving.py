"""Carrying out what a person decided, in one unit of work."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pressroom.features.posts.importing.reading import Read
from pressroom.features.posts.manuscripts import RowManuscripts
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.words import fields_of, flat
from pressroom.features.source.ahead import hold
from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.conflicts.course import Course
from pressroom.features.source.conflicts.errors import ConflictChanged, ConflictOver
from pressroom.features.source.conflicts.repository import SourceConflicts
from pressroom.features.source.disk import digest, read_inside
from pressroom.features.source.errors import FrontMatterRefused, NothingAttached
from pressroom.features.source.faithful import read
from pressroom.features.source.forms import find_check
from pressroom.features.source.journal import finish_intents, intend
from pressroom.features.source.looking import ask_for_scan
from pressroom.features.source.models import SourceConflict, SourceFile
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.schema import Origin
from pressroom.kernel.auth import OPERATOR, Actor
from pressroom.kernel.preconditions import ANY, Precondition
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

NOTE = "Conflict resolved"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided for: whose text it is, the file's bytes, and the words in them."""

    whose: Literal["ours", "theirs", "text"]
    content: bytes
    found: Read


class Resolving:
    """One decision. Of two at the same moment the second finds the conflict over."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._desk = Desk(services, unit, keeper=RowManuscripts(unit.session))
        self._files = SourceFiles(unit.session)
        self._course = Course(services, unit)

    async def settle(self, actor: Actor, seen: SourceConflict, decision: Decision, *, wanted: Precondition) -> None:
        """Ends the conflict with these words; the file follows the commit. See `Conflicts.resolve`."""
        post = await self._desk.open(actor, str(seen.post_id), ANY)
        conflict = await SourceConflicts(self._unit.session).find(seen.id)
        file = (await self._files.by_post([post.id])).get(post.id)
        if conflict is None or file is None:
            raise ConflictOver
        check_open(conflict, wanted)
        await self._check_file(file, conflict)
        held = await self._is_held(file, conflict, decision)
        by = None if actor == OPERATOR else actor.id
        words = decision.found.prepared.words
        words = words if words.slug else words.changed({"slug": post.slug})
        change = Change(draft=decision.found.prepared.draft, note=NOTE)
        await Writing(self._desk).write(post, words, decision.found.prepared.made, change, by=by)
        if held:
            hold(file, stood=conflict.theirs, ours=decision.content)
        elif file.gone or decision.content != conflict.theirs:
            intend(self._files, file, decision.content, stood=conflict.theirs, now=self._desk.now())
            self._unit.after_commit(self._finish)
        file.slug, file.gone = post.slug, False
        await self._course.end(file, decision.whose, by=by)

    async def _is_held(self, file: SourceFile, conflict: SourceConflict, decision: Decision) -> bool:
        """Whether the words stay in the row, because they are a draft's that the site's build would refuse.

        Raises:
            FrontMatterRefused: it would refuse them, and readers would miss them.
        """
        attachment = await find_attachment(self._unit.session)
        check = await find_check(self._files, attachment) if attachment else None
        if check is None or not check.refuses(decision.content, file.path, instead_of=conflict.theirs):
            return False
        if not decision.found.prepared.draft:
            problems = check.problems(read(decision.content).values, file.path)
            words = flat(fields_of(decision.found.prepared.words))
            raise FrontMatterRefused(problems, words, guessed=check.form.origin is Origin.posts)
        return True

    async def _check_file(self, file: SourceFile, conflict: SourceConflict) -> None:
        """The file must still be what the person saw."""
        attachment = await find_attachment(self._unit.session)
        if attachment is None:
            raise NothingAttached
        data = await asyncio.to_thread(_read, attachment.content, file.path)
        if (digest(data) if data is not None else "") == ("" if file.gone else file.digest):
            return
        self._unit.after_rollback(self._look)
        told = f"{file.path} was changed on disk again; it was left as it is. Look at both texts once more."
        if file.error:
            told = f"{file.path} was changed on disk and cannot be taken in: {file.error}. Mend it there first."
        there = data.decode(errors="replace") if data is not None else None
        raise ConflictChanged(told, details={"current": {"version": conflict.version, "theirs": there}})

    async def _look(self) -> None:
        async with self._services.unit() as unit:
            await ask_for_scan(self._services, unit)

    async def _finish(self) -> None:
        await finish_intents(self._services)


def check_open(conflict: SourceConflict, wanted: Precondition) -> None:
    """Refuses to decide what is decided, or what was not seen.

    Raises:
        ConflictOver, ConflictChanged: with what is there now.
    """
    if conflict.resolved_at:
        told = f"It ended at {conflict.resolved_at:%Y-%m-%d %H:%M} UTC ({conflict.resolution}); nothing was changed."
        ended = {"resolution": conflict.resolution, "resolved_at": conflict.resolved_at.isoformat()}
        raise ConflictOver(told, details=ended)
    if not wanted.allows(conflict.version):
        told = f"The conflict is at version {conflict.version} now; the file was changed on disk meanwhile."
        current = {"version": conflict.version, "theirs": conflict.theirs.decode()}
        raise ConflictChanged(told, details={"yours": {"if_match": wanted.told()}, "current": current})


def _read(root: Path, path: str) -> bytes | None:
    try:
        return read_inside(root, path)
    except FileNotFoundError:
        return None
