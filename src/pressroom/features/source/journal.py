"""The journal of intents: what keeps file and row agreeing when the program dies between the two.

A save commits its version together with an intent, then the intent is carried out. Whoever comes next (the next
save, the next scan, the next start) finishes what was left, and tells by the file's digest how far it came.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog

from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.disk import digest, inside, move_to_trash, read_inside, write_atomically
from pressroom.features.source.holding import holding
from pressroom.features.source.models import SourceIntent
from pressroom.features.source.repository import SourceFiles
from pressroom.kernel.services import Services

log = structlog.get_logger(__name__)
TRASH = "source-trash"


async def finish_intents(services: Services) -> None:
    """Writes every file whose version is committed. One at a time, in the order of the saves.

    A file that somebody has changed meanwhile is left as it is; the next scan takes that change in as a version of
    its own, beside the one that was saved.

    Raises:
        DiskFull: the intent stays open, and is tried again.
    """
    async with holding(services, "write"):
        async with services.reading() as session:
            attachment = await find_attachment(session)
            intents = await SourceFiles(session).intents()
        if attachment is None or not intents:
            return
        done: list[UUID] = []
        trash = services.settings.data / TRASH
        try:
            await asyncio.to_thread(_carry_out_all, attachment.content, trash, intents, services.clock.now(), done)
        finally:
            async with services.unit() as unit:
                await SourceFiles(unit.session).finish(done)


def _carry_out_all(root: Path, trash: Path, intents: Sequence[SourceIntent], now: datetime, done: list[UUID]) -> None:
    for intent in intents:
        if not _carry_out(root, trash, intent, now=now):
            log.warning("source.changed_meanwhile", path=intent.path)
        done.append(intent.id)


def _carry_out(root: Path, trash: Path, intent: SourceIntent, *, now: datetime) -> bool:
    """Does what is left to do. `False`: the file is neither what it was nor what it is to be."""
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
        write_atomically(path, intent.content, new=not intent.before)
    return True


def digest_at(root: Path, path: str) -> str:
    """The digest of a file; the empty one where there is none."""
    try:
        return digest(read_inside(root, path))
    except FileNotFoundError:
        return ""
