"""The site's use cases besides building: what is live, going back, pinning, asking for a build."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.site.automatic import builds_by_itself
from pressroom.features.site.comparing import Comparison
from pressroom.features.site.models import Build, Release
from pressroom.features.site.pin import find_pin
from pressroom.features.site.policy import check_may_publish, check_may_run
from pressroom.features.site.releases import ReleaseNotFound
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.schemas import (
    Activated,
    BuildOut,
    MakerOut,
    ReleaseDetail,
    ReleaseOut,
    SiteOut,
    Unpinned,
)
from pressroom.features.site.store import release_store
from pressroom.features.source.attachment import find_attachment
from pressroom.kernel import revision
from pressroom.kernel.auth import Actor
from pressroom.kernel.jobs import JobKind
from pressroom.kernel.services import Services


class ReleasePage(NamedTuple):
    """Some releases, and how many there are."""

    data: list[ReleaseOut]
    total: int


class SiteService:
    """Works in small units of its own, because changing what is live is work on disk and holds no transaction."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = release_store(services)

    async def get(self, actor: Actor) -> SiteOut:
        """What readers see now, and the posts whose newest public state is not in it."""
        check_may_publish(actor)
        async with self._comparing() as (session, site):
            last = await SiteRepository(session).find_last_build()
            return SiteOut(
                made_by=await self._maker(session),
                live=await site.release(site.live) if site.live else None,
                pinned_to=site.pinned,
                public_revision=site.published,
                waiting=await site.waiting(),
                last_build=BuildOut.model_validate(last) if last else None,
            )

    async def list_releases(self, actor: Actor, *, limit: int | None = None, offset: int = 0) -> ReleasePage:
        """A page of the kept releases, the newest first, and how many there are."""
        check_may_publish(actor)
        on_disk = set(await asyncio.to_thread(self._store.list))
        async with self._comparing() as (session, site):
            rows = [row for row in await SiteRepository(session).list_releases() if str(row.id) in on_disk]
            return ReleasePage([await site.release(row) for row in rows[offset:][:limit]], len(rows))

    async def get_release(self, actor: Actor, release_id: UUID, *, limit: int, offset: int = 0) -> ReleaseDetail:
        """A kept release with a page of what taking it live would change for readers.

        Raises:
            ReleaseNotFound: it is not kept.
        """
        check_may_publish(actor)
        row = await self._get_release(release_id)
        async with self._comparing() as (_, site):
            return await site.detail(row, limit=limit, offset=offset)

    async def get_previous(self, actor: Actor) -> UUID:
        """The release before the live one.

        Raises:
            ReleaseNotFound: none that is older is kept.
        """
        check_may_publish(actor)
        live = await asyncio.to_thread(self._store.current)
        older = [known for known in await asyncio.to_thread(self._store.list) if live and known < live]
        if not older:
            raise ReleaseNotFound("There is no older release to go back to.")
        return UUID(older[-1])

    async def list_builds(self, actor: Actor, *, limit: int, offset: int) -> tuple[list[Build], int]:
        check_may_publish(actor)
        async with self._services.reading() as session:
            return await SiteRepository(session).list_builds(limit=limit, offset=offset)

    async def get_build(self, actor: Actor, build_id: UUID) -> Build:
        check_may_publish(actor)
        async with self._services.reading() as session:
            return await SiteRepository(session).get_build(build_id)

    async def get_log(self, actor: Actor, build_id: UUID | None) -> str:
        """What a build with the site's own command printed; `None` is the last build.

        Raises:
            BuildNotFound: there is none.
        """
        check_may_publish(actor)
        async with self._services.reading() as session:
            return await SiteRepository(session).get_log(build_id)

    async def ask_for_build(
        self, actor: Actor, kind: JobKind, *, everything: bool = False, smaller: bool = False
    ) -> UUID:
        """Enqueues a build; one that this person waits for already is joined. Returns the job's id."""
        check_may_publish(actor)
        arguments = kind.arguments.model_validate({"everything": everything, "smaller": smaller, "asked": True})
        wish = "".join(name for name, holds in (("-all", everything), ("-smaller", smaller)) if holds)
        key = f"{kind.name}:{actor.id}{wish}"
        async with self._services.unit() as unit:
            return await unit.enqueue(kind, arguments, key=key, actor_id=actor.id)

    async def activate(self, actor: Actor, release_id: UUID, *, words: JobKind | None = None) -> Activated:
        """Takes a kept release live. An older one pins the site: builds go on, none goes live until `unpin`.

        The wish is committed first, then the flip is made; dying in between, the next start makes it. With `words`,
        a job of that kind is a part of the wish: it brings back the words that the release shows.
        """
        check_may_run(actor)
        newest = await self._newest()
        row = await self._get_release(release_id)
        async with self._comparing() as (_, site):
            counts = await site.by_activating(row)
        pinned = row.id if str(row.id) != newest else None
        job_id = await self._wish(actor, row, pinned=pinned, words=words)
        await self._show(row.id)
        return Activated(**dict(await self._shown(row)), counts=counts, job_id=job_id)

    async def pin(self, actor: Actor) -> ReleaseOut:
        """Keeps what is live now, whatever is published, until `unpin`."""
        check_may_run(actor)
        live = await asyncio.to_thread(self._store.current)
        if live is None:
            raise ReleaseNotFound("Nothing is live yet, so there is nothing to pin.")
        row = await self._get_release(UUID(live))
        await self._wish(actor, row, pinned=row.id)
        await self._show(row.id)
        return await self._shown(row)

    async def unpin(self, actor: Actor, kind: JobKind) -> Unpinned:
        """Takes the newest release live and asks for a build of what has changed since. Says what had waited."""
        check_may_run(actor)
        newest = await self._newest()
        async with self._comparing() as (_, site):
            waited = await site.waiting()
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).store_pin(None)
        if newest:
            await self._show(UUID(newest))
        return Unpinned(job_id=await self.ask_for_build(actor, kind), counts=waited.counts)

    async def reconcile(self) -> None:
        """After a crash: clears scratch folders and makes the flip that was promised, to the pin or to the newest.

        What is live is looked at first, so that a flip that another process makes meanwhile is not undone.
        """
        await asyncio.to_thread(self._store.recover)
        live = await asyncio.to_thread(self._store.current) or ""
        async with self._services.reading() as session:
            repository = SiteRepository(session)
            pinned = await repository.find_pin()
            listed = [row.id for row in await repository.list_releases()]
        on_disk = await asyncio.to_thread(self._store.list)
        newer = [each for each in listed if str(each) > live]  # what went live just before the crash is not listed
        wanted = next((each for each in (pinned, *newer) if str(each) in on_disk), None)
        if wanted and str(wanted) != live:
            await self._show(wanted)

    async def _maker(self, session: AsyncSession) -> MakerOut:
        attachment = await find_attachment(session)
        command = attachment.build if attachment else None
        return MakerOut(
            generator=attachment.generator if attachment and command else "theme",
            command=command,
            builds_by_itself=await builds_by_itself(self._services, session),
        )

    async def _newest(self) -> str | None:
        return (await asyncio.to_thread(self._store.list) or (None,))[-1]

    async def _get_release(self, release_id: UUID) -> Release:
        await asyncio.to_thread(self._store.path, str(release_id))
        async with self._services.reading() as session:
            row = await SiteRepository(session).find_release(release_id)
        if row is None:
            raise ReleaseNotFound("This release is not listed; build the site again.")
        return row

    @asynccontextmanager
    async def _comparing(self) -> AsyncIterator[tuple[AsyncSession, Comparison]]:
        live = await asyncio.to_thread(self._store.current)
        pinned = await find_pin(self._services)
        async with self._services.reading() as session:
            yield session, await Comparison.of(session, live, pinned=pinned)

    async def _wish(
        self, actor: Actor, row: Release, *, pinned: UUID | None, words: JobKind | None = None
    ) -> UUID | None:
        """Commits what is wanted: the pin, and the job that brings words back. Returns that job's id."""
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).store_pin(pinned)
            if words is None:
                return None
            now = await revision.read(unit.session)
            wanted = {"revision": row.revision, "created_at": row.created_at, "now": now, "actor_id": actor.account_id}
            return await unit.enqueue(words, words.arguments.model_validate(wanted), actor_id=actor.id)

    async def _shown(self, row: Release) -> ReleaseOut:
        async with self._comparing() as (_, site):
            return await site.release(row)

    async def _show(self, release_id: UUID) -> None:
        await asyncio.to_thread(self._store.activate, str(release_id), now=self._services.clock.now())
