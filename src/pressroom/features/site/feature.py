"""The site slice: what it brings, hears and starts."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from pressroom.features.posts.events import PublicPostsChanged
from pressroom.features.site.automatic import builds_by_itself
from pressroom.features.site.building.order import BuildOrder
from pressroom.features.site.releases import StoreBusy
from pressroom.features.site.service import SiteService
from pressroom.features.site.settings import BuildSettings
from pressroom.features.site.store import release_store
from pressroom.features.site.tasks import BUILD, BUILD_KEY, JOBS, SCHEDULES
from pressroom.features.source.events import FolderAttached, FolderDetached
from pressroom.kernel.diagnosis import Check
from pressroom.kernel.events import Event, Subscription
from pressroom.kernel.feature import Feature
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    import typer
    from fastapi import APIRouter

AFTER_START = timedelta(seconds=1)
WHAT_READERS_SEE = (PublicPostsChanged, FolderAttached, FolderDetached)
log = structlog.get_logger(__name__)


async def build_what_changed(services: Services, unit: UnitOfWork, _event: Event) -> None:
    """Whatever readers should see differently asks for a build; a build that waits already is enough."""
    if await builds_by_itself(services, unit.session):
        await unit.enqueue(BUILD, BuildOrder(), key=BUILD_KEY)


async def start(services: Services) -> None:
    """Mends what a crash left and asks for a build, which does nothing when the site is up to date.

    Where a release is live, that can wait until the first requests are answered.
    """
    try:
        await SiteService(services).reconcile()
    except StoreBusy:
        log.info("site.at_work_elsewhere")
    is_live = await asyncio.to_thread(release_store(services).current)
    run_at = services.clock.now() + (AFTER_START if is_live else timedelta())
    async with services.unit() as unit:
        if await builds_by_itself(services, unit.session):
            await unit.enqueue(BUILD, BuildOrder(), key=BUILD_KEY, run_at=run_at)


async def _checks(services: Services) -> Mapping[str, Check]:
    from pressroom.features.site.checks import checks  # noqa: PLC0415  # only for `doctor`

    return await checks(services)


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.site import preview, routes  # noqa: PLC0415  # only the server needs routes

    return (routes.router, preview.router)


def _commands(cli: "typer.Typer") -> None:
    from pressroom.features.site import commands  # noqa: PLC0415  # only the command line needs them

    commands.add_to(cli)


FEATURE = Feature(
    name="site",
    settings=(BuildSettings,),
    routers=_routers,
    subscriptions=tuple(Subscription(event, build_what_changed) for event in WHAT_READERS_SEE),
    jobs=JOBS,
    schedules=SCHEDULES,
    commands=_commands,
    on_start=start,
    checks=_checks,
)
