"""All SQL of the site slice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.site.errors import BuildNotFound
from pressroom.features.site.models import Build, BuildState, Release
from pressroom.kernel import state

PIN = "site.pin"
BUILDS_KEPT = 200


class SiteRepository:
    """Builds, releases and the pin."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_build(self, build: Build) -> None:
        """Adds a build and forgets the oldest beyond what is kept."""
        self._session.add(build)
        await self._session.flush()
        kept = select(Build.id).order_by(Build.started_at.desc(), Build.id.desc()).limit(BUILDS_KEPT)
        await self._session.execute(delete(Build).where(Build.id.not_in(kept.scalar_subquery())))

    async def get_build(self, build_id: UUID) -> Build:
        build = await self._session.get(Build, build_id)
        if build is None:
            raise BuildNotFound
        return build

    async def find_last_build(self) -> Build | None:
        return await self._session.scalar(select(Build).order_by(Build.started_at.desc(), Build.id.desc()).limit(1))

    async def list_builds(self, *, limit: int, offset: int) -> tuple[list[Build], int]:
        newest_first = select(Build).order_by(Build.started_at.desc(), Build.id.desc())
        page = await self._session.scalars(newest_first.limit(limit).offset(offset))
        total = await self._session.scalar(select(func.count()).select_from(Build))
        return list(page), total or 0

    async def fail_unfinished(self, moment: datetime) -> None:
        """Builds that a crash left running have failed; there is one at most, since builds take turns."""
        lost = {"message": "The process that built this died. The live site is as it was; a new build follows."}
        statement = update(Build).where(Build.state == BuildState.running)
        await self._session.execute(statement.values(state=BuildState.failed, error=lost, finished_at=moment))

    async def add_release(self, release: Release) -> None:
        self._session.add(release)
        await self._session.flush()

    async def find_release(self, release_id: UUID) -> Release | None:
        return await self._session.get(Release, release_id)

    async def list_releases(self) -> list[Release]:
        """Newest first."""
        return list(await self._session.scalars(select(Release).order_by(Release.id.desc())))

    async def forget_releases(self, gone: list[UUID]) -> None:
        await self._session.execute(delete(Release).where(Release.id.in_(gone)))

    async def find_pin(self) -> UUID | None:
        """The release that the site is pinned to."""
        value = await state.find_value(self._session, PIN)
        return UUID(value) if value else None

    async def store_pin(self, release_id: UUID | None) -> None:
        """Pins the site to a release, or unpins it."""
        if release_id is None:
            await state.forget_value(self._session, PIN)
        else:
            await state.store_value(self._session, PIN, str(release_id))
