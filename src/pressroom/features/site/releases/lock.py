"""One worker at a time, over threads and processes alike."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pressroom.features.site.releases.errors import StoreBusy

_LOOK_AGAIN = 0.002


@contextmanager
def exclusive(path: Path, *, patience: float) -> Iterator[None]:
    """Hold the lock file at `path`; wait at most `patience` seconds, then raise `StoreBusy`.

    The kernel lets go of the lock when its holder dies, however it dies: no lock is ever left behind.
    """
    with path.open("ab") as file:
        deadline = time.monotonic() + patience
        while not _taken(file):
            if time.monotonic() >= deadline:
                raise StoreBusy
            time.sleep(_LOOK_AGAIN)
        yield


def _taken(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
