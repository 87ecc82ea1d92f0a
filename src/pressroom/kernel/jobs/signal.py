"""How runners hear at once that a committed job waits.

The runner of the same process is woken by an event. Each runner also keeps a named pipe, its *bell*, in
the folder of presences, where other processes on this machine leave a byte. A lost wake-up costs one
polling interval, never a job.
"""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

SUFFIX = ".bell"


class RunnerSignal:
    """Wakes the runner of this process and those beside it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._own: Path | None = None
        self._descriptor: int | None = None

    def notify(self) -> None:
        """Wakes the runner of this process."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Returns when notified, at the latest after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()

    def hang_bell(self, folder: Path, owner: str) -> None:
        """Lets other processes wake this one, until `take_bell_down`."""
        path = folder / f"{owner}{SUFFIX}"
        os.mkfifo(path, 0o600)
        self._own = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        asyncio.get_running_loop().add_reader(self._descriptor, self._rung)

    def take_bell_down(self) -> None:
        if self._own is not None:
            self._own.unlink(missing_ok=True)
            self._own = None
        if self._descriptor is not None:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None

    def ring_others(self, folder: Path) -> None:
        """Wakes the runners of other processes that keep their bells in this folder."""
        for path in folder.glob(f"*{SUFFIX}"):
            if path != self._own:
                _ring(path)

    def _rung(self) -> None:
        if self._descriptor is not None:
            with suppress(BlockingIOError):
                os.read(self._descriptor, 4096)
        self.notify()


def _ring(path: Path) -> None:
    # No such file or nobody reading: that runner is gone. A full pipe: it has been rung already.
    with suppress(OSError):
        descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(descriptor, b".")
        finally:
            os.close(descriptor)
