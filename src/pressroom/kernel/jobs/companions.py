"""What runs beside the jobs of a process: coroutines that stay until it stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from pressroom.kernel.services import Services

Companion = Callable[["Services"], Awaitable[None]]
AGAIN_SECONDS = 10.0
log = structlog.get_logger(__name__)


@asynccontextmanager
async def accompanied(services: "Services", companions: Sequence[Companion]) -> AsyncIterator[None]:
    """Runs all of them beside a block. One that fails is logged and begun again; none holds the process up."""
    tasks = [asyncio.create_task(_keep_going(services, each), name=f"companion {each.__name__}") for each in companions]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_going(services: "Services", companion: Companion) -> None:
    while True:
        try:
            await companion(services)
        except Exception:
            log.exception("companion.failed", companion=companion.__name__)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
