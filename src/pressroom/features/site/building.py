"""The making of a release: from what changed in the database to what readers see.

A build holds no transaction while it works. It dies anywhere without harm: before the release is renamed into
place there is only a scratch folder, before the flip the old release is live, after it the new one is; a row that
is missing then only means that the next build is a full one.
"""

import asyncio
import gc
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import anyio.from_thread
import anyio.to_thread

from pressroom.features.posts import press as published
from pressroom.features.site.cards import to_body, to_card
from pressroom.features.site.errors import BuildRefused
from pressroom.features.site.generator import BuildFailed, Changes, Edition, File, PostBody
from pressroom.features.site.models import Build, BuildState, Release
from pressroom.features.site.releases import Staging
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.workshop import Progress, Workshop, workshop
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs import JobContext
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings

REPORT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build starts from: all there is, or the newest release and what changed since."""

    base: UUID | None
    edition: Edition
    changes: Changes
    revision: int

    @property
    def is_full(self) -> bool:
        return self.base is None


class Builder:
    """Builds the site once."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._services: Services = context.services
        self._workshop: Workshop = workshop(context.services)

    async def build(self, *, everything: bool) -> BuildState:
        """Makes a release of what is published now and takes it live, unless nothing changed or the site is pinned.

        Raises:
            BuildRefused: a post or the theme cannot be rendered; the live release stays.
        """
        build = Build(
            id=new_id(),
            job_id=self._context.job_id,
            state=BuildState.running,
            is_full=everything,
            started_at=self._services.clock.now(),
        )
        try:
            plan = await self._plan(everything=everything)
            if not (plan.is_full or plan.changes.upserted or plan.changes.removed):
                return BuildState.unchanged
            build.is_full = plan.is_full
            await self._make(plan, build)
        except BuildFailed as failure:
            await self._record_failure(build, failure)
            raise _refused(failure) from failure
        await self._tidy()
        gc.freeze()  # the edition stays; collecting it again and again would cost later builds more than they do
        return BuildState.succeeded

    async def _plan(self, *, everything: bool) -> Plan:
        press = await asyncio.to_thread(lambda: self._workshop.press)
        progress = None if everything else await self._progress(press.fingerprint)
        async with self._services.reading() as session:
            found = await published.changes_since(session, progress.revision if progress else None)
        cards = tuple(map(to_card, found.cards))
        if progress is None:
            edition = await asyncio.to_thread(press.edition, cards)
            return Plan(None, edition, Changes(), found.revision)
        changes = Changes(cards, frozenset(found.gone) & progress.edition.cards.keys())
        return Plan(progress.release_id, progress.edition, changes, found.revision)

    async def _progress(self, fingerprint: str) -> Progress | None:
        """Where the newest release stands, from memory, or from its row when nothing changed since it was made."""
        newest = await asyncio.to_thread(self._workshop.store.list)
        remembered = self._workshop.progress
        if not newest:
            return None
        if remembered is not None and newest[-1] == str(remembered.release_id):
            return remembered
        async with self._services.reading() as session:
            row = await SiteRepository(session).find_release(UUID(newest[-1]))
            if row is None or row.fingerprint != fingerprint:
                return None
            since = await published.changes_since(session, row.revision)
            if since.cards or since.gone:
                return None
            everything = await published.changes_since(session, None)
        edition = await asyncio.to_thread(self._workshop.press.edition, tuple(map(to_card, everything.cards)))
        self._workshop.progress = Progress(row.id, row.revision, edition)
        return self._workshop.progress

    async def _make(self, plan: Plan, build: Build) -> None:
        release_id = new_id()
        edition, build.files_written = await anyio.to_thread.run_sync(self._write, plan, release_id)
        release = Release(
            id=release_id,
            revision=plan.revision,
            fingerprint=self._workshop.press.fingerprint,
            posts=len(edition.cards),
            created_at=self._services.clock.now(),
        )
        await self._go_live(release_id)
        self._workshop.progress = Progress(release_id, plan.revision, edition)
        build.state, build.release_id = BuildState.succeeded, release_id
        await self._record(build, release)

    async def _go_live(self, release_id: UUID) -> None:
        """Activates the release unless the site is pinned. A pin set in the same moment wins: it is looked at again."""
        if await self._pin() is not None:
            return
        await asyncio.to_thread(self._workshop.store.activate, str(release_id), now=self._services.clock.now())
        if (pinned := await self._pin()) is not None:
            await asyncio.to_thread(self._workshop.store.activate, str(pinned), now=self._services.clock.now())

    async def _pin(self) -> UUID | None:
        async with self._services.reading() as session:
            return await SiteRepository(session).find_pin()

    def _write(self, plan: Plan, release_id: UUID) -> tuple[Edition, int]:
        """Runs in a thread: renders and writes. Returns the new edition and how many files were written."""
        press, store = self._workshop.press, self._workshop.store
        if plan.is_full:
            with store.stage(str(release_id), base=None) as staging:
                files = press.build(plan.edition, self._load)
                return plan.edition, self._write_files(staging, files, expected=len(plan.edition.cards))
        step = press.apply(plan.edition, plan.changes, self._load)
        with store.stage(str(release_id), base=str(plan.base)) as staging:
            for path in step.output.deleted:
                staging.delete(path)
            return step.edition, self._write_files(staging, step.output.files, expected=len(step.output.files))

    def _write_files(self, staging: Staging, files: Iterable[File], *, expected: int) -> int:
        reported = time.monotonic()
        count = 0
        for count, file in enumerate(files, start=1):
            staging.write(file.path, file.data)
            if time.monotonic() - reported > REPORT_SECONDS:
                reported = time.monotonic()
                fraction = min(0.95, count / (expected * 1.5 + 20))
                anyio.from_thread.run(self._context.progress, fraction, f"{count} files written")
        return count

    def _load(self, ids: Sequence[UUID]) -> Mapping[UUID, PostBody]:
        return anyio.from_thread.run(self._load_bodies, ids)

    async def _load_bodies(self, ids: Sequence[UUID]) -> Mapping[UUID, PostBody]:
        async with self._services.reading() as session:
            bodies = await published.bodies(session, ids)
        return {post_id: to_body(body) for post_id, body in bodies.items()}

    async def _record(self, build: Build, release: Release) -> None:
        build.finished_at = self._services.clock.now()
        async with self._services.unit() as unit:
            repository = SiteRepository(unit.session)
            await repository.add_release(release)
            await repository.add_build(build)

    async def _record_failure(self, build: Build, failure: BuildFailed) -> None:
        build.state = BuildState.failed
        build.error = _where(failure)
        build.finished_at = self._services.clock.now()
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).add_build(build)

    async def _tidy(self) -> None:
        """After the page is live: old releases away, and a copy for the next build to start from."""
        store = self._workshop.store
        pinned = await self._pin()
        keep = self._services.settings[SiteSettings].keep_releases
        protected = {str(pinned)} if pinned else set()
        gone = await asyncio.to_thread(store.tidy, keep=keep, protected=protected)
        if gone:
            async with self._services.unit() as unit:
                await SiteRepository(unit.session).forget_releases([UUID(release_id) for release_id in gone])


def _where(failure: BuildFailed) -> dict[str, str | int | None]:
    return {
        "message": failure.message,
        "post": failure.slug,
        "template": failure.template,
        "line": failure.line,
    }


def _refused(failure: BuildFailed) -> BuildRefused:
    return BuildRefused(str(failure), details=_where(failure))
