"""The site's use cases besides building: what is live, going back, pinning, asking for a build."""

import asyncio
from uuid import UUID

from pressroom.features.posts import press as published
from pressroom.features.site.models import Build, Release
from pressroom.features.site.policy import check_may_publish, check_may_run
from pressroom.features.site.releases import ReleaseNotFound
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.schemas import BuildOut, ReleaseOut, SiteOut
from pressroom.features.site.store import release_store
from pressroom.kernel import revision
from pressroom.kernel.auth import Actor
from pressroom.kernel.jobs import JobKind
from pressroom.kernel.services import Services

BUILD_KEY = "site.build"


class SiteService:
    """Works in small units of its own, because changing what is live is work on disk and holds no transaction."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = release_store(services)

    async def get(self, actor: Actor) -> SiteOut:
        """What readers see now, and the posts whose newest public state is not in it."""
        check_may_publish(actor)
        live = await asyncio.to_thread(self._store.current)
        async with self._services.reading() as session:
            repository = SiteRepository(session)
            row = await repository.find_release(UUID(live)) if live else None
            pinned = await repository.find_pin()
            last = await repository.find_last_build()
            since = await published.changes_since(session, row.revision) if row else None
            return SiteOut(
                live=_release_out(row, live=live, pinned=pinned) if row else None,
                pinned_to=pinned,
                public_revision=await revision.read(session),
                changed_since=[card.slug for card in since.cards] if since else [],
                last_build=BuildOut.model_validate(last) if last else None,
            )

    async def list_releases(self, actor: Actor) -> list[ReleaseOut]:
        """All kept releases, the newest first."""
        check_may_publish(actor)
        live = await asyncio.to_thread(self._store.current)
        on_disk = set(await asyncio.to_thread(self._store.list))
        async with self._services.reading() as session:
            repository = SiteRepository(session)
            rows = await repository.list_releases()
            pinned = await repository.find_pin()
        return [_release_out(row, live=live, pinned=pinned) for row in rows if str(row.id) in on_disk]

    async def list_builds(self, actor: Actor, *, limit: int, offset: int) -> tuple[list[Build], int]:
        check_may_publish(actor)
        async with self._services.reading() as session:
            return await SiteRepository(session).list_builds(limit=limit, offset=offset)

    async def get_build(self, actor: Actor, build_id: UUID) -> Build:
        check_may_publish(actor)
        async with self._services.reading() as session:
            return await SiteRepository(session).get_build(build_id)

    async def ask_for_build(self, actor: Actor, kind: JobKind, *, everything: bool) -> UUID:
        """Enqueues a build; one that this person waits for already is joined. Returns the job's id."""
        check_may_publish(actor)
        arguments = kind.arguments.model_validate({"everything": everything})
        key = f"{BUILD_KEY}:{actor.id}:{'everything' if everything else 'changes'}"
        async with self._services.unit() as unit:
            return await unit.enqueue(kind, arguments, key=key, actor_id=actor.id)

    async def activate(self, actor: Actor, release_id: UUID) -> ReleaseOut:
        """Takes a kept release live. An older one pins the site: builds go on, none goes live until `unpin`.

        The wish is committed first, then the flip is made; dying in between, the next start makes it.
        """
        check_may_run(actor)
        newest = await self._newest()
        row = await self._get_release(release_id)
        await self._pin_and_show(row.id if str(row.id) != newest else None, row.id)
        return _release_out(row, live=str(row.id), pinned=row.id if str(row.id) != newest else None)

    async def roll_back(self, actor: Actor) -> ReleaseOut:
        """Goes back to the release before the live one, and pins it."""
        check_may_run(actor)
        live = await asyncio.to_thread(self._store.current)
        older = [known for known in await asyncio.to_thread(self._store.list) if live and known < live]
        if not older:
            raise ReleaseNotFound("There is no older release to go back to.")
        return await self.activate(actor, UUID(older[-1]))

    async def pin(self, actor: Actor) -> ReleaseOut:
        """Keeps what is live now, whatever is published, until `unpin`."""
        check_may_run(actor)
        live = await asyncio.to_thread(self._store.current)
        if live is None:
            raise ReleaseNotFound("Nothing is live yet, so there is nothing to pin.")
        row = await self._get_release(UUID(live))
        await self._pin_and_show(row.id, row.id)
        return _release_out(row, live=live, pinned=row.id)

    async def unpin(self, actor: Actor, kind: JobKind) -> UUID:
        """Takes the newest release live and asks for a build of what has changed since. Returns the job's id."""
        check_may_run(actor)
        newest = await self._newest()
        await self._pin_and_show(None, UUID(newest) if newest else None)
        return await self.ask_for_build(actor, kind, everything=False)

    async def reconcile(self) -> None:
        """After a crash: clears scratch folders and makes the flip that a pin promised."""
        await asyncio.to_thread(self._store.recover)
        async with self._services.unit() as unit:
            repository = SiteRepository(unit.session)
            await repository.fail_unfinished(self._services.clock.now())
            pinned = await repository.find_pin()
        if pinned and str(pinned) in await asyncio.to_thread(self._store.list):
            await self._show(pinned)

    async def _newest(self) -> str | None:
        return (await asyncio.to_thread(self._store.list) or (None,))[-1]

    async def _get_release(self, release_id: UUID) -> Release:
        await asyncio.to_thread(self._store.path, str(release_id))
        async with self._services.reading() as session:
            row = await SiteRepository(session).find_release(release_id)
        if row is None:
            raise ReleaseNotFound("This release is not listed; build the site again.")
        return row

    async def _pin_and_show(self, pinned: UUID | None, shown: UUID | None) -> None:
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).store_pin(pinned)
        if shown is not None:
            await self._show(shown)

    async def _show(self, release_id: UUID) -> None:
        await asyncio.to_thread(self._store.activate, str(release_id), now=self._services.clock.now())


def _release_out(row: Release, *, live: str | None, pinned: UUID | None) -> ReleaseOut:
    return ReleaseOut(
        id=row.id,
        revision=row.revision,
        posts=row.posts,
        created_at=row.created_at,
        is_live=str(row.id) == live,
        is_pinned=row.id == pinned,
    )
