"""The site slice: what it brings, hears and starts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from pressroom.features.posts.events import PublicPostsChanged
from pressroom.features.site.releases import StoreBusy
from pressroom.features.site.service import BUILD_KEY, SiteService
from pressroom.features.site.tasks import BUILD, BuildArguments
from pressroom.kernel.events import Subscription
from pressroom.kernel.feature import Feature
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    import typer
    from fastapi import APIRouter

log = structlog.get_logger(__name__)


async def build_what_changed(_services: Services, unit: UnitOfWork, _event: PublicPostsChanged) -> None:
    """Whatever readers should see differently asks for a build; a build that waits already is enough."""
    await unit.enqueue(BUILD, BuildArguments(), key=BUILD_KEY)


async def start(services: Services) -> None:
    """Mends what a crash left and asks for a build, which does nothing when the site is up to date."""
    try:
        await SiteService(services).reconcile()
    except StoreBusy:
        log.info("site.at_work_elsewhere")
    async with services.unit() as unit:
        await unit.enqueue(BUILD, BuildArguments(), key=BUILD_KEY)


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.site import preview, routes  # noqa: PLC0415  # only the server needs routes

    return (routes.router, preview.router)


def _commands(cli: "typer.Typer") -> None:
    from pressroom.features.site import commands  # noqa: PLC0415  # only the command line needs them

    commands.add_to(cli)


FEATURE = Feature(
    name="site",
    routers=_routers,
    subscriptions=(Subscription(PublicPostsChanged, build_what_changed),),
    jobs=(BUILD,),
    commands=_commands,
    on_start=start,
)
