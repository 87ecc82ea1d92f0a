"""Schedules: jobs that come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pressroom.kernel.jobs.kinds import JobKind


@dataclass(frozen=True, slots=True)
class Schedule:
    """A kind of job without arguments, done again and again.

    Attributes:
        kind: what to do.
        every: how long between two firings.
    """

    kind: JobKind
    every: timedelta

    def after(self, moment: datetime) -> datetime:
        return moment + self.every
