"""From a release on disk to the one that readers see."""

import asyncio
from uuid import UUID

from pressroom.features.site.pin import find_pin
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.store import release_store
from pressroom.kernel.services import Services
from pressroom.kernel.settings import SiteSettings


class GoingLive:
    """Flips to new releases unless the site is pinned, and prunes old ones."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = release_store(services)

    async def show(self, release_id: UUID) -> None:
        """Activates the release unless the site is pinned. A pin set in the same moment wins: it is looked at again."""
        if await self._pin() is not None:
            return
        await self._activate(release_id)
        if (pinned := await self._pin()) is not None:
            await self._activate(pinned)

    async def tidy(self, *, spare: bool) -> None:
        """After the page is live: old releases away and, with `spare`, a copy for the next build to start from."""
        pinned = await self._pin()
        keep = self._services.settings[SiteSettings].keep_releases
        protected = {str(pinned)} if pinned else set()
        gone = await asyncio.to_thread(self._store.tidy, keep=keep, protected=protected, spare=spare)
        if gone:
            async with self._services.unit() as unit:
                await SiteRepository(unit.session).forget_releases([UUID(release_id) for release_id in gone])

    async def _activate(self, release_id: UUID) -> None:
        await asyncio.to_thread(self._store.activate, str(release_id), now=self._services.clock.now())

    async def _pin(self) -> UUID | None:
        return await find_pin(self._services)
