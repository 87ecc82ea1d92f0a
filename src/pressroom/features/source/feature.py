"""The slice's manifest. Its commands stand in the site's group, `pressroom site`."""

from typing import Any

import pressroom.features.source.models  # noqa: F401  # its tables belong to the schema
from pressroom.features.posts.manuscripts import Manuscripts
from pressroom.features.source.tasks import every_minute, scan_job
from pressroom.kernel.feature import Feature
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


def _manuscripts(services: Services, unit: UnitOfWork) -> Any:
    from pressroom.features.source.manuscripts import FolderManuscripts  # noqa: PLC0415  # only where posts are written

    return FolderManuscripts(services, unit)


async def _start(services: Services) -> None:
    from pressroom.features.source.service import start  # noqa: PLC0415  # only the server starts

    await start(services)


FEATURE = Feature(
    name="source",
    jobs=(scan_job,),
    schedules=(every_minute,),
    on_start=_start,
    adapters={Manuscripts: _manuscripts},
)
