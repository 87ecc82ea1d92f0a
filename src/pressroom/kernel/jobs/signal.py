"""How the runner hears at once that a committed job waits."""

import asyncio


class RunnerSignal:
    """Wakes the runner of this process. Lost wake-ups cost one polling interval, never a job."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
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
