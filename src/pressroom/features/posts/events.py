"""What the slice announces, each in the transaction that does it."""

from dataclasses import dataclass
from uuid import UUID

from pressroom.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PostPublished(Event):
    """Readers see the post from now on."""

    post_id: UUID


@dataclass(frozen=True, slots=True)
class PostUnpublished(Event):
    """Readers no longer see the post: taken back, archived, made private or put into the trash."""

    post_id: UUID


@dataclass(frozen=True, slots=True)
class PublicPostsChanged(Event):
    """Something that readers see has changed, as of this public revision: new, edited and vanished posts."""

    post_ids: tuple[UUID, ...]
    revision: int
