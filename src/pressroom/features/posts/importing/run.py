"""Importing a folder.

Files are read and rendered by other processes, and written in batches, each in one unit of work: a kill leaves
whole batches, and the next run goes on where it ended, because each file is known by its path and its content.
"""

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from pressroom.features.posts.filling import Writer
from pressroom.features.posts.importing.ledger import Known, Ledger
from pressroom.features.posts.importing.reading import Read, Refused, read_files
from pressroom.features.posts.importing.report import Outcome, Report
from pressroom.features.posts.importing.walk import Found, walk
from pressroom.features.posts.preconditions import ANY
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.typeset import House
from pressroom.features.posts.words import fields_of
from pressroom.kernel.services import Services

BATCH = 50
FEW = 100


@dataclass(frozen=True, slots=True)
class Import:
    """What to import, and how.

    Attributes:
        folder: the folder.
        source: the name under which its files are known; the folder's own, unless two are called alike.
        as_drafts: whether every post arrives as a draft.
        dry_run: whether to say only what would be done.
        writer: who the posts belong to; nobody but the publication itself without one.
    """

    folder: Path
    source: str
    as_drafts: bool = False
    dry_run: bool = False
    writer: Writer | None = None


async def import_folder(services: Services, wanted: Import, *, told: Callable[[int, int], None]) -> Report:
    """Imports every Markdown file of a folder. `told` hears how many files are done, of how many."""
    report = Report(dry_run=wanted.dry_run)
    begun = time.perf_counter()
    found = await asyncio.to_thread(lambda: list(walk(wanted.folder)))
    _leave_out(found, report)
    paths = [each.path for each in found if each.left_out is None]
    run = _Run(services, wanted, report)
    async for batch in _read(wanted.folder.resolve(), paths, House.of(services.settings)):
        await run.take(batch)
        told(min(run.taken, len(paths)), len(paths))
    report.seconds = time.perf_counter() - begun
    return report


def _leave_out(found: Sequence[Found], report: Report) -> None:
    for each in found:
        if each.left_out is not None:
            report.add(each.path, each.left_out, each.reason)


async def _read(root: Path, paths: Sequence[str], house: House) -> AsyncIterator[list[Read | Refused]]:
    """Batches in order, with a few being read ahead."""
    loop = asyncio.get_running_loop()
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    with _readers(len(paths)) as pool:
        ahead: deque[asyncio.Future[list[Read | Refused]]] = deque()
        for batch in batches:
            ahead.append(loop.run_in_executor(pool, read_files, root, batch, house))
            if len(ahead) > 2 * (os.cpu_count() or 1):
                yield await ahead.popleft()
        while ahead:
            yield await ahead.popleft()


def _readers(files: int) -> Executor:
    """Processes start slowly, so a few files are read in a thread."""
    if files <= FEW:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=get_context("spawn"))


class _Run:
    """One import while it runs: what it has seen, and what it writes."""

    def __init__(self, services: Services, wanted: Import, report: Report) -> None:
        self._services = services
        self._wanted = wanted
        self._report = report
        self._digests: dict[str, str] = {}
        self._slugs: dict[str, str] = {}
        self.taken = 0

    async def take(self, batch: Sequence[Read | Refused]) -> None:
        """Writes one batch, whole or not at all."""
        self.taken += len(batch)
        reads = [each for each in batch if isinstance(each, Read)]
        for each in batch:
            if isinstance(each, Refused):
                self._report.add(each.path, Outcome.failed, each.reason)
        async with self._services.reading() as session:
            ledger = Ledger(session, self._wanted.source)
            known = await ledger.known([each.path for each in reads])
            used = await ledger.used_slugs([each.prepared.words.slug for each in reads if each.prepared.words.slug])
        fresh = [each for each in reads if each.path not in known and self._is_new(each, used)]
        again = [
            (each, known[each.path])
            for each in reads
            if each.path in known and self._has_changed(each, known[each.path])
        ]
        await self._write(fresh, again)

    def _is_new(self, each: Read, used: set[str]) -> bool:
        """Whether neither this content nor this address was there before."""
        slug = each.prepared.words.slug
        twin = self._digests.setdefault(each.digest, each.path)
        if twin != each.path:
            self._report.add(each.path, Outcome.duplicate, f"the same as {twin}")
            return False
        if slug and slug in used:
            self._report.add(each.path, Outcome.failed, f"another post is at “{slug}”; change its slug")
            return False
        if slug and self._slugs.setdefault(slug, each.path) != each.path:
            self._report.add(each.path, Outcome.duplicate, f"its slug “{slug}” is that of {self._slugs[slug]}")
            return False
        return True

    def _has_changed(self, each: Read, known: Known) -> bool:
        """Whether the file brings something new to a post that nobody has changed here."""
        self._digests.setdefault(each.digest, each.path)
        if each.digest == known.digest:
            self._report.add(each.path, Outcome.unchanged, slug=known.slug)
            return False
        if known.in_trash or known.edited:
            why = "its post is in the trash" if known.in_trash else "its post was changed here since; the post stays"
            self._report.add(each.path, Outcome.kept, why, slug=known.slug)
            return False
        return True

    async def _write(self, fresh: Sequence[Read], again: Sequence[tuple[Read, Known]]) -> None:
        if self._wanted.dry_run:
            for each in fresh:
                self._report.add(each.path, Outcome.created, slug=each.prepared.made.slug, notes=each.notes)
            for each, known in again:
                self._report.add(each.path, Outcome.updated, slug=known.slug, notes=each.notes)
            return
        if not fresh and not again:
            return
        async with self._services.unit() as unit:
            desk = Desk(self._services, unit)
            created = await self._create(desk, fresh)
            updated = [await self._update(desk, each, known) for each, known in again]
        for each, outcome, slug in (*created, *updated):
            self._report.add(each.path, outcome, slug=slug, notes=each.notes)

    async def _create(self, desk: Desk, fresh: Sequence[Read]) -> list[tuple[Read, Outcome, str]]:
        if not fresh:
            return []
        prepared = [replace(each.prepared, draft=each.prepared.draft or self._wanted.as_drafts) for each in fresh]
        posts = await Writing(desk).create_many(self._wanted.writer or desk.house_writer(), prepared)
        ledger = Ledger(desk.unit.session, self._wanted.source)
        await ledger.write(
            [(each.path, each.digest, post) for each, post in zip(fresh, posts, strict=True)], desk.now()
        )
        return [(each, Outcome.created, post.slug) for each, post in zip(fresh, posts, strict=True)]

    async def _update(self, desk: Desk, each: Read, known: Known) -> tuple[Read, Outcome, str]:
        post = await desk.open(None, str(known.post_id), ANY)
        words = each.prepared.words
        words = words if words.slug else words.changed({"slug": post.slug})
        draft = None if self._wanted.as_drafts else each.prepared.draft
        change = Change(words=fields_of(words), draft=draft, note="Imported again")
        saved_by = self._wanted.writer.id if self._wanted.writer else None
        post = await Writing(desk).write(post, words, each.prepared.made, change, by=saved_by)
        await Ledger(desk.unit.session, self._wanted.source).write([(each.path, each.digest, post)], desk.now())
        return each, Outcome.updated, post.slug
