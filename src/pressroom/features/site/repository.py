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
_NEWEST = (Build.started_at.desc(), Build.id.desc())


class SiteRepository:
    """Builds, releases and the pin."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def store_build(self, build: Build) -> None:
        """Keeps a build as it stands now, and forgets the oldest beyond what is kept."""
        await self._session.merge(build)
        await self._session.flush()
        kept = select(Build.id).order_by(*_NEWEST).limit(BUILDS_KEPT)
        await self._session.execute(delete(Build).where(Build.id.not_in(kept.scalar_subquery())))

    async def get_build(self, build_id: UUID) -> Build:
        build = await self._session.get(Build, build_id)
        if build is None:
            raise BuildNotFound
        return build

    async def find_last_build(self) -> Build | None:
        return await self._session.scalar(select(Build).order_by(*_NEWEST).limit(1))

    async def find_last_by_command(self) -> Build | None:
        """The last build with the site's own command that succeeded."""
        made = select(Build).where(Build.by_command, Build.state == BuildState.succeeded)
        return await self._session.scalar(made.order_by(*_NEWEST).limit(1))

    async def get_log(self, build_id: UUID | None) -> str:
        """What a build printed, the last one without an id; nothing where it ran no command."""
        chosen = select(Build.log).order_by(*_NEWEST).limit(1)
        wanted = chosen.where(Build.id == build_id) if build_id else chosen
        found = (await self._session.execute(wanted)).one_or_none()
        if found is None:
            raise BuildNotFound
        return found.log or ""

    async def list_builds(self, *, limit: int, offset: int) -> tuple[list[Build], int]:
        page = await self._session.scalars(select(Build).order_by(*_NEWEST).limit(limit).offset(offset))
        total = await self._session.scalar(select(func.count()).select_from(Build))
        return list(page), total or 0

    async def fail_unfinished(self, moment: datetime) -> None:
        """Builds that a crash left running have failed: for whoever knows that none runs."""
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
