"""Schedules: jobs that come back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pressroom.kernel.jobs.kinds import JobKind
from pressroom.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Schedule:
    """A kind of job without arguments, done again and again.

    Attributes:
        kind: what to do.
        every: how long between two firings; or what the settings say about that, `None` for never.
    """

    kind: JobKind
    every: timedelta | Callable[[Settings], timedelta | None]

    def interval(self, settings: Settings) -> timedelta | None:
        """How long between two firings under these settings; `None` when it never fires."""
        return self.every(settings) if callable(self.every) else self.every
