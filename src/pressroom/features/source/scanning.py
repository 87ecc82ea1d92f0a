"""Scanning the attached folder: what changed on disk becomes posts and versions.

Files are read and rendered by other processes and written in batches, each in one unit of work: a kill leaves whole
batches, and the next scan goes on from there, because each file is known by its path and its digest.
"""

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pressroom.features.posts.importing.reading import File, Refused, read_data
from pressroom.features.posts.importing.run import readers
from pressroom.features.posts.typeset import House
from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.features.source.disk import UnsafePath, read_inside
from pressroom.features.source.errors import FolderEmpty, FolderUnreadable, NothingAttached
from pressroom.features.source.holding import holding
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.models import PATH
from pressroom.features.source.repository import Known, SourceFiles
from pressroom.features.source.taking_in import Batch
from pressroom.features.source.walking import Seen, walk
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services

BATCH = 100


@dataclass(slots=True)
class ScanReport:
    """What a scan did: how many files of each kind, and why some could not be read, by path."""

    found: int = 0
    created: int = 0
    updated: int = 0
    renamed: int = 0
    archived: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        """A line with the numbers, then one for each file that could not be read."""
        kinds = ("created", "updated", "renamed", "archived", "unchanged")
        counts = [f"{count} {kind}" for kind in kinds if (count := getattr(self, kind))]
        failed = [f"{len(self.failed)} left as they are"] if self.failed else []
        head = f"{self.found} files: {', '.join([*counts, *failed]) or 'nothing to do'} ({self.seconds:.1f} s)"
        return "\n".join([head, *(f"  {path}: {why}" for path, why in sorted(self.failed.items()))])


async def scan(services: Services) -> ScanReport:
    """Takes in what changed in the attached folder. Doing it again changes nothing; no file is written.

    Raises:
        NothingAttached: there is no folder to look at.
        FolderEmpty: all files are gone at once.
        FolderUnreadable: a part of it cannot be listed.
    """
    begun = time.perf_counter()
    async with holding(services, "scan"):
        await finish_intents(services)
        async with services.reading() as session:
            attachment = await find_attachment(session)
            known = await SourceFiles(session).all()
        if attachment is None:
            raise NothingAttached
        report = await _Scan(services, attachment, known).run()
    report.seconds = time.perf_counter() - begun
    return report


class _Scan:
    """One look at the folder."""

    def __init__(self, services: Services, attachment: Attachment, known: Mapping[str, Known]) -> None:
        self._services = services
        self._root = attachment.content
        self._known = known
        self._report = ScanReport()

    async def run(self) -> ScanReport:
        seen = await asyncio.to_thread(_walk, self._root)
        gone = {path: each for path, each in self._known.items() if path not in seen}
        if not seen and sum(not each.gone for each in gone.values()) > 1:
            raise FolderEmpty(f"{self._root} holds no Markdown any more. Is its disk mounted?")
        self._report.found = len(seen)
        for path in [path for path in seen if not _is_storable(path)]:
            del seen[path]
            self._report.failed[path.encode(errors="replace").decode()] = (
                "its name is too long, or not UTF-8; rename it"
            )
        changed = [each for each in seen.values() if _is_changed(each, self._known.get(each.path))]
        self._report.unchanged = len(seen) - len(changed)
        moved = {each.digest: each for each in gone.values() if each.post_id}
        async for files in self._read(changed):
            await self._take_in(files, seen, moved)
        await self._part_with([each for each in gone.values() if not each.gone])
        return self._report

    async def _read(self, changed: Sequence[Seen]) -> AsyncIterator[list[File]]:
        """Batches in order, with a few being read ahead."""
        loop, house = asyncio.get_running_loop(), House.of(self._services.settings)
        with readers(len(changed)) as pool:
            ahead: deque[asyncio.Future[list[File]]] = deque()
            for start in range(0, len(changed), BATCH):
                wanted = {each.path: self._digest(each.path) for each in changed[start : start + BATCH]}
                ahead.append(loop.run_in_executor(pool, read_files, self._root, wanted, house))
                if len(ahead) > 2 * (os.cpu_count() or 1):
                    yield await ahead.popleft()
            while ahead:
                yield await ahead.popleft()

    def _digest(self, path: str) -> str | None:
        """What the file held when it was taken in; one that was not is always read anew."""
        found = self._known.get(path)
        return found.digest if found and not found.gone and not found.error else None

    async def _take_in(self, files: Sequence[File], seen: Mapping[str, Seen], moved: dict[str, Known]) -> None:
        """Takes a batch in as a whole; where one file stands in the way, each on its own, and that one is listed."""
        try:
            await self._write(files, seen, moved)
        except AppError as error:
            if len(files) == 1:
                await self._write([Refused(files[0].path, error.detail)], seen, moved)
                return
            for each in files:
                await self._take_in([each], seen, moved)

    async def _write(self, files: Sequence[File], seen: Mapping[str, Seen], moved: dict[str, Known]) -> None:
        async with self._services.unit() as unit:
            batch = Batch(self._services, unit, self._known, seen)
            await batch.take_in(files, moved)
        for kind, count in batch.counts.items():
            setattr(self._report, kind, getattr(self._report, kind) + count)
        self._report.failed |= batch.failed
        for digest in batch.moved:
            moved.pop(digest, None)

    async def _part_with(self, gone: Sequence[Known]) -> None:
        """Archives the posts whose files are gone, those that were renamed meanwhile left out."""
        for start in range(0, len(gone), BATCH):
            async with self._services.unit() as unit:
                batch = Batch(self._services, unit, self._known, {})
                self._report.archived += await batch.part_with(gone[start : start + BATCH])


def read_files(root: Path, wanted: Mapping[str, str | None], house: House) -> list[File]:
    """Reads and renders files, each on its own, unless it still has the digest that it comes with."""
    return [_read_file(root, path, house, known=known) for path, known in wanted.items()]


def _read_file(root: Path, path: str, house: House, *, known: str | None) -> File:
    try:
        data = read_inside(root, path)
        if known and not data:
            # Some editors empty a file before they write it.
            return Refused(path, "it is empty now; its post keeps its words until something is in it")
        return read_data(path, data, house, known=known)
    except UnsafePath as error:
        return Refused(path, error.detail)
    except OSError as error:
        return Refused(path, f"cannot be read: {error.strerror}")


def _walk(root: Path) -> dict[str, Seen]:
    try:
        return {each.path: each for each in walk(root)}
    except OSError as error:
        raise FolderUnreadable(f"{error.filename} cannot be listed: {error.strerror}.") from error


def _is_storable(path: str) -> bool:
    """What is no UTF-8 comes from the disk as lone surrogates, which no database can hold."""
    return len(path) <= PATH and not any("\ud800" <= char <= "\udfff" for char in path)


def _is_changed(seen: Seen, known: Known | None) -> bool:
    if known is None or known.gone or known.error:
        return True
    return (seen.size, seen.mtime_ns) != (known.size, known.mtime_ns)
