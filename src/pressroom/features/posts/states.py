"""Where a post stands, and when readers may see it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """Draft, waiting for its moment, out, or kept but no longer shown."""

    draft = "draft"
    scheduled = "scheduled"
    published = "published"
    archived = "archived"


class Visibility(StrEnum):
    """Who may read a published post: everybody, members (others see its summary), or only those who write here."""

    public = "public"
    members = "members"
    private = "private"


@dataclass(frozen=True, slots=True)
class Standing:
    """A post's status with its moment. A published post's moment is never in the future."""

    status: Status
    published_at: datetime | None

    def public_at(self, visibility: str, *, deleted: bool) -> datetime | None:
        """Since when readers see the post, or `None` while they do not."""
        shown = self.status is Status.published and visibility != Visibility.private and not deleted
        return self.published_at if shown else None


def published(published_at: datetime | None, now: datetime) -> Standing:
    """What publishing leads to: out since its own moment (now, when it has none), or waiting for it."""
    moment = published_at or now
    return Standing(Status.scheduled if moment > now else Status.published, moment)


def redated(status: Status, *, before: datetime | None, after: datetime | None, now: datetime) -> Standing:
    """What a new date leads to. A post that is out or waiting keeps its date when none is given."""
    if status in (Status.published, Status.scheduled):
        return published(after or before, now)
    return Standing(status, after)


def recovered(status: Status, published_at: datetime | None, now: datetime) -> Standing:
    """How a post comes back from the trash: as it was, but one whose moment passed there waits for a person."""
    missed = status is Status.scheduled and published_at is not None and published_at <= now
    return Standing(Status.draft if missed else status, published_at)
