"""Which runners on this machine are alive.

Each holds a lock on a file of its own. The operating system drops the lock when the process dies, however it
dies, so the next start knows at once whose jobs to take over instead of waiting for leases to run out.
"""

import fcntl
import os
from pathlib import Path

from pressroom.kernel.jobs.signal import SUFFIX as BELL

LOCK = ".lock"


class Presence:
    """This runner's sign of life, and the reading of others'."""

    def __init__(self, folder: Path, owner: str) -> None:
        self._folder = folder
        self._path = folder / f"{owner}{LOCK}"
        self._descriptor: int | None = None

    def announce(self) -> None:
        """Shows the sign. It is locked before it gets its name: whoever sees it unlocked sees a dead runner."""
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".draft")
        self._descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.rename(self._path)

    def withdraw(self) -> None:
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None

    def dead(self) -> set[str]:
        """Owners on this machine whose process is gone."""
        return {path.stem for path in self._others() if _is_free(path)}

    def living(self) -> set[str]:
        """Other owners on this machine whose process goes on, whatever the clock says of their leases."""
        return {path.stem for path in self._others() if not _is_free(path)}

    def forget(self, owners: set[str]) -> None:
        """Removes what dead owners left behind."""
        for owner in owners:
            for suffix in (LOCK, BELL):
                (self._folder / f"{owner}{suffix}").unlink(missing_ok=True)

    def _others(self) -> list[Path]:
        return [path for path in self._folder.glob(f"*{LOCK}") if path != self._path]


def _is_free(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
