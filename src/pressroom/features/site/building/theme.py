"""Releases that the built-in theme prints: what changed anew, the rest carried forward."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import anyio.from_thread
import anyio.to_thread

from pressroom.features.posts import press as published
from pressroom.features.posts.press import PublicCard
from pressroom.features.site.building.beside import Beside
from pressroom.features.site.building.fault import Broken, Fault
from pressroom.features.site.building.order import BuildOrder
from pressroom.features.site.cards import to_body, to_card
from pressroom.features.site.generator import BuildFailed, Changes, Edition, File, PostBody, PostCard
from pressroom.features.site.models import Build, Release
from pressroom.features.site.releases import Staging
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.workshop import Progress, Workshop, workshop
from pressroom.features.source.attachment import Attachment
from pressroom.features.source.counterparts import paths_of_posts
from pressroom.features.source.pictures import Pictures
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs import JobContext

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


class ThemeMaker:
    """Prints with the built-in theme. An attached folder is looked at first, so that no edit on disk is missed."""

    def __init__(self, context: JobContext, order: BuildOrder, attachment: Attachment | None) -> None:
        self._context = context
        self._services = context.services
        self._order = order
        self._attachment = attachment
        self._workshop: Workshop = workshop(context.services)
        self._made: Progress | None = None
        self._beside: Beside | None = None

    async def make(self, build: Build) -> Release | None:
        if self._attachment:
            from pressroom.features.source.scanning import scan  # noqa: PLC0415  # only where a folder is attached

            await scan(self._services)
            self._beside = Beside(Pictures(self._attachment))
        try:
            plan = await self._plan()
            if not (plan.is_full or plan.changes.upserted or plan.changes.removed):
                return None
            return await self._print(plan, build)
        except BuildFailed as failure:
            raise Broken(await self._fault(failure)) from failure

    def remember(self, release: Release) -> None:
        del release
        self._workshop.progress = self._made

    async def _plan(self) -> Plan:
        await published.typeset_all(self._services, self._tell_typesetting)
        press = await asyncio.to_thread(lambda: self._workshop.press)
        progress = None if self._order.everything else await self._progress(press.fingerprint)
        async with self._services.reading() as session:
            found = await published.changes_since(session, progress.revision if progress else None)
        cards = await self._cards(found.cards)
        if progress is None:
            edition = await asyncio.to_thread(press.edition, cards)
            return Plan(None, edition, Changes(), found.revision)
        changes = Changes(cards, frozenset(found.gone) & progress.edition.cards.keys())
        return Plan(progress.release_id, progress.edition, changes, found.revision)

    async def _tell_typesetting(self, done: int, total: int) -> None:
        await self._context.progress(0, f"{done:,} of {total:,} posts typeset")

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
        edition = await asyncio.to_thread(self._workshop.press.edition, await self._cards(everything.cards))
        self._workshop.progress = Progress(row.id, row.revision, edition)
        return self._workshop.progress

    async def _cards(self, found: Sequence[PublicCard]) -> tuple[PostCard, ...]:
        cards = tuple(map(to_card, found))
        if self._beside is None:
            return cards
        await self._know(self._beside, [card.id for card in cards])
        return tuple(await asyncio.to_thread(lambda beside: [beside.card(card) for card in cards], self._beside))

    async def _know(self, beside: Beside, ids: Sequence[UUID]) -> None:
        async with self._services.reading() as session:
            beside.know(await paths_of_posts(session, ids))

    async def _print(self, plan: Plan, build: Build) -> Release:
        release_id = new_id()
        build.is_full = plan.is_full
        edition, build.files_written = await anyio.to_thread.run_sync(self._write, plan, release_id)
        for told in self._beside.missing.values() if self._beside else ():
            await self._context.log(told)
        self._made = Progress(release_id, plan.revision, edition)
        return Release(
            id=release_id,
            revision=plan.revision,
            fingerprint=self._workshop.press.fingerprint,
            by_command=False,
            posts=len(edition.cards),
            created_at=self._services.clock.now(),
        )

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
        return count + self._write_pictures(staging)

    def _write_pictures(self, staging: Staging) -> int:
        """Those of the release before stay; what they are called changes with what they hold."""
        count = 0
        for file in self._beside.files(held=staging.holds) if self._beside else ():
            staging.write(file.path, file.data)
            count += 1
        return count

    def _load(self, ids: Sequence[UUID]) -> Mapping[UUID, PostBody]:
        return anyio.from_thread.run(self._load_bodies, ids)

    async def _load_bodies(self, ids: Sequence[UUID]) -> Mapping[UUID, PostBody]:
        async with self._services.reading() as session:
            bodies = await published.bodies(session, ids)
        made = {post_id: to_body(body) for post_id, body in bodies.items()}
        if self._beside is None:
            return made
        await self._know(self._beside, ids)
        place = self._beside.body
        return await asyncio.to_thread(lambda: {post_id: place(body) for post_id, body in made.items()})

    async def _fault(self, failure: BuildFailed) -> Fault:
        async with self._services.reading() as session:
            post_id = await published.find_id(session, failure.slug) if failure.slug else None
        return Fault(
            message=failure.message,
            post_id=post_id,
            post=failure.slug,
            template=failure.template,
            line=failure.line,
        )
