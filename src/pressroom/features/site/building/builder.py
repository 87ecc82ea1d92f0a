"""One build, from the order to the live release."""

import gc

from pressroom.features.site.building.fault import Broken, Fault
from pressroom.features.site.building.going_live import GoingLive
from pressroom.features.site.building.maker import Maker
from pressroom.features.site.building.order import BuildOrder
from pressroom.features.site.building.telling import clear_marks, mark
from pressroom.features.site.errors import BuildRefused
from pressroom.features.site.models import Build, BuildState, Release
from pressroom.features.site.repository import SiteRepository
from pressroom.features.source.attachment import Attachment, find_attachment
from pressroom.kernel.errors import AppError, InternalError
from pressroom.kernel.ids import new_id
from pressroom.kernel.jobs import JobCancelled, JobContext

UNFORESEEN = "Something failed on our side; the log has more."


class Builder:
    """Builds the site once."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._services = context.services
        self._going_live = GoingLive(context.services)

    async def build(self, order: BuildOrder) -> BuildState:
        """Makes a release of what is published now and takes it live, unless nothing changed or the site is pinned.

        Raises:
            BuildRefused: a post, the theme or the site's own command is to blame; the live release stays.
            JobCancelled: somebody stopped it.
            AppError: the build cannot begin or its result cannot be used; the live release stays.

        Whatever else it raises is listed as a failure on our side.
        """
        async with self._services.reading() as session:
            attachment = await find_attachment(session)
        await self._tell_of_the_dead()
        build = self._begun(order, attachment)
        maker = self._maker(order, attachment)
        try:
            release = await maker.make(build)
            if release is None:
                return BuildState.unchanged
            await self._going_live.show(release.id)
        except JobCancelled:
            await self._record_end(build, BuildState.cancelled)
            raise
        except Broken as broken:
            await self._record_end(build, BuildState.failed, broken.fault)
            raise BuildRefused(str(broken), details=broken.fault.as_json()) from broken
        except Exception as error:
            known = error if isinstance(error, AppError) else InternalError(UNFORESEEN)
            await self._record_end(build, BuildState.failed, Fault(message=known.detail, code=known.code))
            raise
        maker.remember(release)
        await self._record(build, release)
        await self._going_live.tidy(spare=not build.by_command)
        gc.freeze()  # the edition stays; collecting it again and again would cost later builds more than they do
        return BuildState.succeeded

    async def _tell_of_the_dead(self) -> None:
        """One that is listed as running died: builds have a lane of their own, so none runs but this one."""
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).fail_unfinished(self._services.clock.now())

    def _begun(self, order: BuildOrder, attachment: Attachment | None) -> Build:
        return Build(
            id=new_id(),
            job_id=self._context.job_id,
            state=BuildState.running,
            by_command=bool(attachment and attachment.build),
            is_full=order.everything,
            started_at=self._services.clock.now(),
        )

    def _maker(self, order: BuildOrder, attachment: Attachment | None) -> Maker:
        if attachment and attachment.build:
            from pressroom.features.site.building.command import CommandMaker  # noqa: PLC0415  # few sites have one

            return CommandMaker(self._context, order, attachment)
        from pressroom.features.site.building.theme import ThemeMaker  # noqa: PLC0415  # the generator is heavy

        return ThemeMaker(self._context, order, attachment)

    async def _record(self, build: Build, release: Release) -> None:
        build.state, build.release_id, build.error = BuildState.succeeded, release.id, None
        build.finished_at = self._services.clock.now()
        async with self._services.unit() as unit:
            repository = SiteRepository(unit.session)
            await repository.add_release(release)
            await repository.store_build(build)
            await clear_marks(unit)

    async def _record_end(self, build: Build, state: BuildState, fault: Fault | None = None) -> None:
        build.state, build.error = state, fault.as_json() if fault else None
        build.finished_at = self._services.clock.now()
        async with self._services.unit() as unit:
            await SiteRepository(unit.session).store_build(build)
            if fault:
                await mark(unit, fault)
