"""Which version a writer saw, as `If-Match` names it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Precondition:
    """The entity tags that a write accepts; without any it accepts whatever is there."""

    tags: frozenset[str] | None = None

    def allows(self, version: int) -> bool:
        """Whether a write may replace this version."""
        return self.tags is None or "*" in self.tags or etag(version) in self.tags

    def version(self) -> int | None:
        """The one version that was named, if it was one."""
        named = [tag[1:-1] for tag in self.tags or ()]
        return int(named[0]) if len(named) == 1 and named[0].isascii() and named[0].isdigit() else None

    def told(self) -> list[str] | None:
        """What was named, for the answer to a write that came too late."""
        return None if self.tags is None else sorted(self.tags)


ANY = Precondition()


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def conflict(wanted: Precondition, yours: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
    """Both sides of a write that came too late."""
    return {"yours": {"if_match": wanted.told(), **yours}, "current": current}
