"""Noticing what no post tells: a changed layout, image or configuration of an attached site."""

import asyncio
from uuid import UUID

from pressroom.features.site.automatic import builds_by_itself
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.store import release_store
from pressroom.features.source.attachment import find_attachment
from pressroom.kernel import revision
from pressroom.kernel.services import Services


async def has_changed(services: Services) -> bool:
    """Whether the attached site's own files are others than at its newest release and at its last build."""
    async with services.reading() as session:
        attachment = await find_attachment(session)
        if attachment is None or not attachment.build or not await builds_by_itself(services, session):
            return False
        seen = await revision.read(session)
        newest = await asyncio.to_thread(release_store(services).list)
        repository = SiteRepository(session)
        release = await repository.find_release(UUID(newest[-1])) if newest else None
        last = await repository.find_last_build()
    from pressroom.features.site.building.footing import files_of, fingerprint, recognised  # noqa: PLC0415  # few sites have one

    site = await asyncio.to_thread(recognised, attachment)
    now = (seen, fingerprint(site, await asyncio.to_thread(files_of, site)))
    # What failed once would fail again.
    return all((row.revision, row.fingerprint) != now for row in (release, last) if row is not None)
