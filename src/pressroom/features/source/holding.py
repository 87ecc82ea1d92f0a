"""One at a time, over coroutines and processes alike."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO, Literal

from pressroom.kernel.services import Services

_LOOK_AGAIN = 0.005


@asynccontextmanager
async def holding(services: Services, what: Literal["scan", "write"]) -> AsyncIterator[None]:
    """Holds a lock on the folder; waits for whoever holds it. It dies with its process."""
    folder = services.settings.data / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"source-{what}.lock").open("ab") as file:
        while not _taken(file):  # noqa: ASYNC110  # its holder may be another process
            await asyncio.sleep(_LOOK_AGAIN)
        yield


def _taken(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
