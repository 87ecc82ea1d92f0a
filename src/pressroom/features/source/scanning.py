"""Scanning the attached folder: what changed on disk becomes posts and versions.

Files are read by other processes and written in batches, each in one unit of work: a kill leaves whole batches, and
the next scan goes on from there, because each file is known by its path and its digest. Of new files only the words
are taken in; what is made from them follows in a job (`posts.typeset`), so that a first look at a big folder is short.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pressroom.features.posts.importing.reading import File, Refused, read_data
from pressroom.features.posts.service.typesetting import ask_for_typesetting
from pressroom.features.posts.typeset import House
from pressroom.features.posts.workers import FEW, MOST, ahead, workers
from pressroom.features.source.attachment import Attachment, find_attachment, last_check, store_check
from pressroom.features.source.checking import Check
from pressroom.features.source.conflicts.markers import without_markers
from pressroom.features.source.conflicts.reconciling import reconcile
from pressroom.features.source.disk import UnsafePath, read_inside
from pressroom.features.source.errors import FolderEmpty, FolderUnreadable, NothingAttached
from pressroom.features.source.forms import check_on_disk
from pressroom.features.source.git.resting import look_at_rest
from pressroom.features.source.holding import holding
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.models import PATH
from pressroom.features.source.moves import Moves
from pressroom.features.source.repository import Known, SourceFiles
from pressroom.features.source.taking_in import Batch
from pressroom.features.source.walking import Seen, walk
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services

BATCH = 250
# So many files are read, words only, in the time in which one is rendered.
_READING = 10
MOST_TOLD = 20
_KINDS = {name: name for name in ("created", "updated", "renamed", "archived", "merged")}
_KINDS |= {"conflicts": "in conflict", "unchanged": "unchanged"}
_IF_DELETED = " If you deleted every post, put one Markdown file there, and they are archived."
# The first ones are read here, in a thread, while the other process starts.
_HERE = 2 * BATCH


@dataclass(slots=True)
class ScanReport:
    """What a scan did: how many files of each kind, and why some could not be read, by path.

    `problems` are what the site's own build would refuse in files that are here: by path, each a field and a sentence.
    """

    found: int = 0
    created: int = 0
    updated: int = 0
    renamed: int = 0
    archived: int = 0
    merged: int = 0
    conflicts: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[list[str]]] = field(default_factory=dict)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def as_text(self) -> str:
        """A line with the numbers, then one for each file that could not be read, or that the build would refuse."""
        counts = [f"{count} {kind}" for name, kind in _KINDS.items() if (count := getattr(self, name))]
        failed = [f"{len(self.failed)} left as they are"] if self.failed else []
        head = f"{self.found} files: {', '.join([*counts, *failed]) or 'nothing to do'} ({self.seconds:.1f} s)"
        told = ["  Changed here and on disk. Look and decide: pressroom site conflicts"] if self.conflicts else []
        left = [f"  {path}: {why}" for path, why in sorted(self.failed.items())]
        refused = [f"{len(self.problems)} would be refused by the site's own build:"] if self.problems else []
        wrong = [f"  {path}: {_listed(found)}" for path, found in sorted(self.problems.items())[:MOST_TOLD]]
        return "\n".join([head, *told, *left, *refused, *wrong])


def _listed(problems: list[list[str]]) -> str:
    return "; ".join(f"{field} {message}" for field, message in problems[:3])


async def scan(services: Services) -> ScanReport:
    """Takes in what changed in the attached folder. Doing it again changes nothing; no file is written.

    Raises:
        NothingAttached: there is no folder to look at.
        FolderEmpty: all files are gone at once.
        FolderUnreadable: a part of it cannot be listed.
    """
    async with holding(services, "scan"):
        return await scan_held(services)


async def scan_held(services: Services) -> ScanReport:
    """The same for whoever holds the lock: what they did to the folder and this scan are one batch."""
    begun = time.perf_counter()
    unwritten = await finish_intents(services)
    async with services.reading() as session:
        attachment = await find_attachment(session)
        known = await SourceFiles(session).all()
        checked = await last_check(session)
    if attachment is None:
        raise NothingAttached
    report = await _Scan(services, attachment, known, checked=checked, unwritten=unwritten).run()
    if report.created:
        await ask_for_typesetting(services)
    async with services.reading() as session:
        report.problems = await SourceFiles(session).problems()
    report.seconds = time.perf_counter() - begun
    return report


class _Scan:
    """One look at the folder. Files that could not be written (`unwritten`, with the reasons) are not looked at."""

    def __init__(
        self,
        services: Services,
        attachment: Attachment,
        known: Mapping[str, Known],
        *,
        checked: str | None,
        unwritten: Mapping[str, str],
    ) -> None:
        self._services = services
        self._attachment = attachment
        self._root = attachment.content
        self._known = known
        self._checked = checked
        self._unwritten = unwritten
        self._check: Check | None = None
        self._report = ScanReport()

    async def run(self) -> ScanReport:
        seen = await look_at_rest(self._root, lambda: _walk(self._root))
        gone = {path: each for path, each in self._known.items() if path not in seen}
        if not seen and sum(not each.gone for each in gone.values()) > 1:
            raise FolderEmpty(f"{self._root} holds no Markdown any more. Is its disk mounted?{_IF_DELETED}")
        self._report.found = len(seen)
        for path, reason in self._unwritten.items():
            seen.pop(path, None)
            gone.pop(path, None)
            self._report.failed[path] = f"cannot be written: {reason}"
        for path in [path for path in seen if not _is_storable(path)]:
            del seen[path]
            self._report.failed[path.encode(errors="replace").decode()] = (
                "its name is too long, or not UTF-8; rename it"
            )
        self._check = await asyncio.to_thread(check_on_disk, self._attachment, seen.values())
        asks_anew = self._check is not None and self._check.fingerprint != self._checked
        changed = [each for each in seen.values() if asks_anew or _is_changed(each, self._known.get(each.path))]
        self._report.unchanged = len(seen) - len(changed)
        moves = Moves(gone.values())
        async for files in self._read(changed):
            await self._take_in(files, seen, moves)
        await self._part_with([each for each in gone.values() if not each.gone])
        if asks_anew and self._check:
            async with self._services.unit() as unit:
                await store_check(unit.session, self._check.fingerprint)
        return self._report

    async def _read(self, changed: Sequence[Seen]) -> AsyncIterator[list[File]]:
        """Batches in order, with a few being read ahead."""
        loop, house = asyncio.get_running_loop(), House.of(self._services.settings)
        rendered = sum(self._digest(each.path) is not None for each in changed)
        texts = rendered + (len(changed) - rendered) // _READING
        async with workers(texts, most=MOST if rendered > FEW else 1) as pool:
            waiting: deque[asyncio.Future[list[File]]] = deque()
            for start in range(0, len(changed), BATCH):
                wanted = {each.path: self._digest(each.path) for each in changed[start : start + BATCH]}
                reader = pool if start >= _HERE else None
                waiting.append(loop.run_in_executor(reader, read_files, self._root, wanted, house, self._check))
                if len(waiting) > ahead():
                    yield await waiting.popleft()
            while waiting:
                yield await waiting.popleft()

    def _digest(self, path: str) -> str | None:
        """What the file held when it was taken in; one that was not is always read anew."""
        found = self._known.get(path)
        return found.digest if found and not found.gone and not found.error else None

    async def _take_in(self, files: Sequence[File], seen: Mapping[str, Seen], moves: Moves) -> None:
        """Takes a batch in as a whole; where one file stands in the way, by halves, and that one is listed."""
        try:
            await self._write(files, seen, moves)
        except AppError as error:
            if len(files) == 1:
                await self._write([Refused(files[0].path, error.detail)], seen, moves)
                return
            half = len(files) // 2
            for part in (files[:half], files[half:]):
                await self._take_in(part, seen, moves)

    async def _write(self, files: Sequence[File], seen: Mapping[str, Seen], moves: Moves) -> None:
        async with self._services.unit() as unit:
            batch = Batch(self._services, unit, self._known, seen)
            await batch.take_in(files, moves)
        for kind, count in batch.counts.items():
            setattr(self._report, kind, getattr(self._report, kind) + count)
        self._report.failed |= batch.failed
        for known in batch.moved:
            moves.follow(known)
        for path in batch.ahead:
            await self._reconcile(path, seen)

    async def _reconcile(self, path: str, seen: Mapping[str, Seen]) -> None:
        """Brings a row that is ahead of its file and the file together, each pair on its own."""
        try:
            outcome = await reconcile(self._services, self._root, path, self._check)
        except AppError as error:
            outcome = Refused(path, error.detail)
        if isinstance(outcome, Refused):
            await self._write([outcome], seen, Moves(()))
        elif outcome:
            setattr(self._report, outcome, getattr(self._report, outcome) + 1)

    async def _part_with(self, gone: Sequence[Known]) -> None:
        """Archives the posts whose files are gone, those that were renamed meanwhile left out."""
        for start in range(0, len(gone), BATCH):
            async with self._services.unit() as unit:
                batch = Batch(self._services, unit, self._known, {})
                self._report.archived += await batch.part_with(gone[start : start + BATCH])


def read_files(root: Path, wanted: Mapping[str, str | None], house: House, check: Check | None = None) -> list[File]:
    """Reads files, each on its own, unless it still has the digest that it comes with; with one, renders it."""
    return [_read_file(root, path, house, check, known=known) for path, known in wanted.items()]


def _read_file(root: Path, path: str, house: House, check: Check | None, *, known: str | None) -> File:
    try:
        data = read_inside(root, path)
        if known and not data:
            # Some editors empty a file before they write it.
            return Refused(path, "it is empty now; its post keeps its words until something is in it")
        look = check.listed if check else None
        found = read_data(path, data, house, known=known, words_only=known is None, look=look)
        return without_markers(data, found)
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
