"""Importing a folder.

Files are read and rendered by other processes, and written in batches, each in one unit of work: a kill leaves
whole batches, and the next run goes on where it ended, because each file is known by its path and its content.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pressroom.features.posts.filling import Writer
from pressroom.features.posts.importing.ledger import Known, Ledger
from pressroom.features.posts.importing.reading import File, Read, Refused, Same, read_files
from pressroom.features.posts.importing.report import Outcome, Report
from pressroom.features.posts.importing.walk import walk
from pressroom.features.posts.models import Post
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.typeset import House
from pressroom.features.posts.workers import ahead, workers
from pressroom.kernel.errors import AppError
from pressroom.kernel.preconditions import ANY
from pressroom.kernel.services import Services

BATCH = 50


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
    for each in found:
        if each.left_out is not None:
            report.add(each.path, each.left_out, each.reason)
    paths = [each.path for each in found if each.left_out is None]
    async with services.reading() as session:
        known = await Ledger(session, wanted.source).known(paths)
    digests = {path: known[path].digest if path in known else None for path in paths}
    run = _Run(services, wanted, report, known)
    done = 0
    async for batch in _read(wanted.folder.resolve(), digests, House.of(services.settings)):
        await run.take(batch)
        done += len(batch)
        told(done, len(paths))
    report.seconds = time.perf_counter() - begun
    return report


async def _read(root: Path, digests: Mapping[str, str | None], house: House) -> AsyncIterator[list[File]]:
    """Batches in order, with a few being read ahead."""
    loop = asyncio.get_running_loop()
    paths = list(digests)
    async with workers(len(paths)) as pool:
        waiting: deque[asyncio.Future[list[File]]] = deque()
        for start in range(0, len(paths), BATCH):
            batch = {path: digests[path] for path in paths[start : start + BATCH]}
            waiting.append(loop.run_in_executor(pool, read_files, root, batch, house))
            if len(waiting) > ahead():
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()


class _Run:
    """One import while it runs: what it has seen, and what it writes."""

    def __init__(self, services: Services, wanted: Import, report: Report, known: Mapping[str, Known]) -> None:
        self._services = services
        self._wanted = wanted
        self._report = report
        self._known = known
        self._digests: dict[str, str] = {}
        self._slugs: dict[str, str] = {}

    async def take(self, batch: Sequence[File]) -> None:
        """Writes one batch, whole or not at all."""
        for each in batch:
            if isinstance(each, Refused):
                self._report.add(each.path, Outcome.failed, each.reason)
            elif isinstance(each, Same):
                self._digests.setdefault(each.digest, each.path)
                self._report.add(each.path, Outcome.unchanged, slug=self._known[each.path].slug)
        reads = [each for each in batch if isinstance(each, Read)]
        wanted = {each.prepared.words.slug for each in reads} - {None}
        async with self._services.reading() as session:
            used = await Ledger(session, self._wanted.source).used_slugs(wanted)
        chosen = [each for each in reads if self._may_write(each, used)]
        if self._wanted.dry_run:
            for each in chosen:
                self._tell(each, each.prepared.slug)
        elif chosen:
            await self._write_what_can_be(chosen)

    def _may_write(self, each: Read, used: set[str]) -> bool:
        """Whether the file brings something new, to an address of its own. If not, the report says why."""
        known, slug = self._known.get(each.path), each.prepared.words.slug
        twin = self._digests.setdefault(each.digest, each.path)
        if known and (known.in_trash or known.edited):
            why = "its post is in the trash" if known.in_trash else "its post was changed here since; the post stays"
            self._report.add(each.path, Outcome.kept, why, slug=known.slug)
        elif twin != each.path:
            self._report.add(each.path, Outcome.duplicate, f"the same as {twin}")
        elif slug and slug in used and not (known and known.slug == slug):
            self._report.add(each.path, Outcome.failed, f"another post is at “{slug}”; change its slug")
        elif slug and self._slugs.setdefault(slug, each.path) != each.path:
            self._report.add(each.path, Outcome.duplicate, f"its slug “{slug}” is that of {self._slugs[slug]}")
        else:
            return True
        return False

    async def _write_what_can_be(self, chosen: Sequence[Read]) -> None:
        """Writes a batch as a whole; where one file is refused, each on its own, and that one is told."""
        try:
            await self._write(chosen)
        except AppError as error:
            if len(chosen) == 1:
                self._report.add(chosen[0].path, Outcome.failed, error.detail)
                return
            for each in chosen:
                await self._write_what_can_be([each])

    async def _write(self, chosen: Sequence[Read]) -> None:
        fresh = [each for each in chosen if each.path not in self._known]
        async with self._services.unit() as unit:
            desk = Desk(self._services, unit)
            written = await self._create(desk, fresh) if fresh else []
            written += [await self._update(desk, each) for each in chosen if each.path in self._known]
            files = [(each.path, each.digest, post) for each, post in written]
            await Ledger(unit.session, self._wanted.source).write(files, desk.now())
        for each, post in written:
            self._tell(each, post.slug)

    async def _create(self, desk: Desk, fresh: Sequence[Read]) -> list[tuple[Read, Post]]:
        prepared = [replace(each.prepared, draft=each.prepared.draft or self._wanted.as_drafts) for each in fresh]
        posts = await Writing(desk).create_many(self._wanted.writer or desk.house_writer(), prepared)
        return list(zip(fresh, posts, strict=True))

    async def _update(self, desk: Desk, each: Read) -> tuple[Read, Post]:
        """Puts a changed file's words into its post; a post that has an address keeps it unless the file says one."""
        post = await desk.open(None, str(self._known[each.path].post_id), ANY)
        words = each.prepared.words
        words = words if words.slug else words.changed({"slug": post.slug})
        draft = None if self._wanted.as_drafts else each.prepared.draft
        by = self._wanted.writer.id if self._wanted.writer else None
        change = Change(draft=draft, note="Imported again")
        return each, await Writing(desk).write(post, words, each.prepared.made, change, by=by)

    def _tell(self, each: Read, slug: str) -> None:
        outcome = Outcome.updated if each.path in self._known else Outcome.created
        self._report.add(each.path, outcome, slug=slug, notes=each.notes)
