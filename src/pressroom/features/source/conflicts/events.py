"""What is announced of conflicts, each in the transaction that does it."""

from dataclasses import dataclass
from uuid import UUID

from pressroom.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PostConflicted(Event):
    """The post's file was changed on disk and here, in the same places: a person must decide."""

    post_id: UUID
    conflict_id: UUID


@dataclass(frozen=True, slots=True)
class ConflictEnded(Event):
    """The post's conflict is over; `resolution` says how, as in `SourceConflict`."""

    post_id: UUID
    conflict_id: UUID
    resolution: str
