"""The journal of intents: what keeps file and row agreeing when the program dies between the two.

A save commits its version together with an intent, then the intent is carried out. Whoever comes next (the next
save, the next scan, the next start) finishes what was left, and tells by the file's digest how far it came.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog

from pressroom.features.source.ahead import run_ahead
from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.disk import (
    AlreadyThere,
    UnsafePath,
    digest,
    inside,
    move_to_trash,
    read_inside,
    write_atomically,
)
from pressroom.features.source.holding import holding
from pressroom.features.source.looking import ask_for_scan
from pressroom.features.source.models import SourceFile, SourceIntent
from pressroom.features.source.repository import SourceFiles
from pressroom.kernel.errors import AppError
from pressroom.kernel.ids import new_id
from pressroom.kernel.services import Services

log = structlog.get_logger(__name__)
TRASH = "source-trash"
# So many files tell whether the folder's disk is there.
_LANDMARKS = 20
_NOT_MOUNTED = "none of the files that were seen there are there. Is its disk mounted?"


def intend(files: SourceFiles, file: SourceFile, content: bytes | None, *, stood: bytes, now: datetime) -> None:
    """Commits with this unit that the file will hold `content`, `None` taking it away; `stood` is what it holds now.

    Whoever calls this lets `finish_intents` follow the commit.
    """
    before, after = "" if file.gone else file.digest, digest(content) if content is not None else ""
    files.add(SourceIntent(id=new_id(), path=file.path, before=before, after=after, content=content, created_at=now))
    if content is not None:
        run_ahead(file, stood=stood, ours=content)
        file.digest, file.error = after, None
    file.size = file.mtime_ns = -1
    file.seen_at = now


async def finish_intents(services: Services) -> Mapping[str, str]:
    """Writes every file whose version is committed. One at a time, in the order of the saves.

    A file that somebody has changed meanwhile is left as it is, and its row stays ahead of it: a scan, which is asked
    for, brings both together. Returns why files could not be written, by path: their intents stay open for whoever
    comes next, and keep no other file waiting.
    """
    async with holding(services, "write"):
        async with services.reading() as session:
            attachment = await find_attachment(session)
            intents = await SourceFiles(session).intents()
            standing = await SourceFiles(session).standing(_LANDMARKS) if intents else []
        if attachment is None or not intents:
            return {}
        trash, now = services.settings.data / TRASH, services.clock.now()
        carried = _Carried()
        try:
            await asyncio.to_thread(carried.out, attachment.content, trash, intents, standing=standing, now=now)
        finally:
            async with services.unit() as unit:
                files = SourceFiles(unit.session)
                await files.agree(carried.done)
                await files.finish([*carried.done, *carried.left])
                if carried.left:
                    await ask_for_scan(services, unit)
    for path, reason in carried.failed.items():
        log.warning("source.not_written", path=path, reason=reason)
    return carried.failed


class _Carried:
    """What became of intents: `done`, or `left` because the file is not what it was. The others stay open.

    `failed` says why, by path.
    """

    def __init__(self) -> None:
        self.done: list[UUID] = []
        self.left: list[UUID] = []
        self.failed: dict[str, str] = {}

    def out(
        self, root: Path, trash: Path, intents: Sequence[SourceIntent], *, standing: Sequence[str], now: datetime
    ) -> None:
        """Carries them out, unless none of the files that stood there is there any more."""
        if not _is_mounted(root, standing):
            self.failed = dict.fromkeys((intent.path for intent in intents), _NOT_MOUNTED)
            return
        for intent in intents:
            if intent.path in self.failed:
                continue
            try:
                self._note(intent, is_done=_carry_out(root, trash, intent, now=now))
            except (UnsafePath, AlreadyThere):
                self._note(intent, is_done=False)
            except AppError as error:
                self.failed[intent.path] = error.detail
            except OSError as error:
                self.failed[intent.path] = f"{error.strerror}"

    def _note(self, intent: SourceIntent, *, is_done: bool) -> None:
        (self.done if is_done else self.left).append(intent.id)
        if not is_done:
            log.warning("source.changed_meanwhile", path=intent.path)


def _is_mounted(root: Path, standing: Sequence[str]) -> bool:
    """Whether this is the folder, and not the place where its disk belongs. One file may have been deleted."""
    return root.is_dir() and (len(standing) <= 1 or any(os.path.lexists(root / path) for path in standing))


def _carry_out(root: Path, trash: Path, intent: SourceIntent, *, now: datetime) -> bool:
    """Does what is left to do. `False`: the file is neither what it was nor what it is to be.

    Whoever changes the file while the new one is being written is noticed, too: it is asked again before the rename.
    """
    found = digest_at(root, intent.path)
    if found == intent.after:
        return True
    if found != intent.before:
        return False
    path = inside(root, intent.path)
    if intent.content is None:
        move_to_trash(path, trash, now=now)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        still = partial(_is_still, root, intent)
        return write_atomically(path, intent.content, new=not intent.before, still=still)
    return True


def _is_still(root: Path, intent: SourceIntent) -> bool:
    return digest_at(root, intent.path) == intent.before


def digest_at(root: Path, path: str) -> str:
    """The digest of a file; the empty one where there is none."""
    try:
        return digest(read_inside(root, path))
    except FileNotFoundError:
        return ""
