"""One at a time, over coroutines and processes alike."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import BinaryIO

from pressroom.kernel.services import Services

# Not `.lock`: runners take a free lock of that name for the sign of a dead runner, and remove it.
SUFFIX = ".turn"
_LOOK_AGAIN = 0.005


@asynccontextmanager
async def holding(services: Services, what: str) -> AsyncIterator[None]:
    """Holds the lock of this name on the data folder; waits for whoever holds it. It dies with its process."""
    with _lock(services, what) as file:
        while not _taken(file):  # noqa: ASYNC110  # its holder may be another process
            await asyncio.sleep(_LOOK_AGAIN)
        yield


@contextmanager
def free_to_hold(services: Services, what: str) -> Iterator[bool]:
    """Holds the lock of this name when nobody else does; says whether that is so."""
    with _lock(services, what) as file:
        yield _taken(file)


def _lock(services: Services, what: str) -> BinaryIO:
    folder = services.settings.data / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{what}{SUFFIX}").open("ab")


def _taken(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
