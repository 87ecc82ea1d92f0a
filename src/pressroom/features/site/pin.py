"""The release that the site is pinned to."""

import asyncio
from uuid import UUID

from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.store import release_store
from pressroom.kernel.services import Services


async def find_pin(services: Services) -> UUID | None:
    """The release that readers are to see until `unpin`.

    A build may prune a release at the moment in which it is pinned: a pin to one that is gone holds nothing.
    """
    async with services.reading() as session:
        pinned = await SiteRepository(session).find_pin()
    return pinned if pinned and str(pinned) in await asyncio.to_thread(release_store(services).list) else None
