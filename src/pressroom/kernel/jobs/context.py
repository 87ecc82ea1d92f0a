"""What a running job has at hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from pressroom.kernel.services import Services


QUIET_SECONDS = 0.1


class JobCancelled(Exception):
    """Raised inside a job that somebody cancelled."""


class JobContext:
    """Handed to a job's handler.

    Attributes:
        checkpoint: what an earlier attempt left with `save_checkpoint`, or `None`.
    """

    def __init__(
        self,
        services: "Services",
        job_id: UUID,
        *,
        attempt: int,
        checkpoint: dict[str, Any] | None,
        report: Callable[[float, str], Awaitable[None]],
        save: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self.services = services
        self.job_id = job_id
        self.attempt = attempt
        self.checkpoint = checkpoint
        self._report = report
        self._save = save
        self._cancelled = False
        self._fraction = 0.0
        self._told_at = 0.0

    async def progress(self, fraction: float, message: str = "") -> None:
        """Says how far the job is (0 to 1); seen live by whoever watches. Raises `JobCancelled` when asked to stop.

        May be called as often as convenient: without a message it is written ten times a second at most.
        """
        self.raise_if_cancelled()
        self._fraction = min(1.0, max(0.0, fraction))
        now = asyncio.get_running_loop().time()
        if message or now - self._told_at >= QUIET_SECONDS:
            self._told_at = now
            await self._report(self._fraction, message)

    async def log(self, message: str) -> None:
        """Adds a line to the job's log."""
        await self._report(self._fraction, message)

    async def save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keeps JSON for the next attempt, so that finished steps are not done twice."""
        self.checkpoint = checkpoint
        await self._save(checkpoint)

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        """Asks the handler to stop at its next step."""
        self._cancelled = True

    def raise_if_cancelled(self) -> None:
        if self._cancelled:
            raise JobCancelled
