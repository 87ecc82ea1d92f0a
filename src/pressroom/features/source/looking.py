"""Asking for a look at the folder."""

from pressroom.kernel.jobs import NoArguments
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

SCAN = "source.scan"


async def ask_for_scan(services: Services, unit: UnitOfWork) -> None:
    """Looks at the folder soon; a look that waits already is enough."""
    if kind := services.jobs.find(SCAN):
        await unit.enqueue(kind, NoArguments(), key=SCAN)
