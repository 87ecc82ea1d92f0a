"""The only place where Pressroom asks what time it is."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests hand in one that they can move."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """A moment as the API writes it: UTC, with a `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
