"""The slice's manifest. Its commands stand in the site's group, `pressroom site`."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog

import pressroom.features.source.models  # noqa: F401  # its tables belong to the schema
from pressroom.features.posts.manuscripts import Manuscripts
from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.settings import SourceSettings
from pressroom.features.source.tasks import JOBS, SCHEDULES
from pressroom.kernel.diagnosis import Check
from pressroom.kernel.feature import Feature
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from fastapi import APIRouter

log = structlog.get_logger(__name__)


def _manuscripts(services: Services, unit: UnitOfWork) -> Any:
    from pressroom.features.source.manuscripts import FolderManuscripts  # noqa: PLC0415  # only where posts are written

    return FolderManuscripts(services, unit)


async def _greet(services: Services, address: str) -> Sequence[str]:
    """Attaches what the settings ask for before the server is there, so that its person reads what was found."""
    del address
    if not services.settings[SourceSettings].content:
        return []
    from pressroom.features.source.wish import fulfil_wish  # noqa: PLC0415  # only where a folder is set

    return (await fulfil_wish(services)).words


async def _start(services: Services) -> None:
    if services.settings[SourceSettings].content:
        from pressroom.features.source.wish import fulfil_wish  # noqa: PLC0415  # only where a folder is set

        wish = await fulfil_wish(services)
        if wish.trouble:
            log.warning("source.not_attached", reason=wish.trouble)
        elif wish.site:
            log.info("source.attached", folder=str(wish.site.content), build=wish.site.build)
    async with services.reading() as session:
        attachment = await find_attachment(session)
    if attachment is not None:
        from pressroom.features.source.service import start  # noqa: PLC0415  # only where a folder is attached

        await start(services)


async def _watch(services: Services) -> None:
    await asyncio.sleep(services.settings[JobsSettings].poll_seconds)  # a start has better things to do
    from pressroom.features.source.watching import keep_watch  # noqa: PLC0415  # only where jobs are done

    await keep_watch(services)


async def _checks(services: Services) -> Mapping[str, Check]:
    from pressroom.features.source.checks import checks  # noqa: PLC0415  # only for `doctor`

    return await checks(services)


def _routers() -> "Sequence[APIRouter]":
    from pressroom.features.source import routes  # noqa: PLC0415  # only where requests are answered
    from pressroom.features.source.conflicts import routes as conflicts  # noqa: PLC0415  # the same

    return (routes.router, conflicts.router)


FEATURE = Feature(
    name="source",
    settings=(SourceSettings,),
    routers=_routers,
    jobs=JOBS,
    schedules=SCHEDULES,
    greet=_greet,
    on_start=_start,
    companions=(_watch,),
    checks=_checks,
    adapters={Manuscripts: _manuscripts},
)
