"""What the accounts slice announces."""

from dataclasses import dataclass
from uuid import UUID

from pressroom.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PersonRenamed(Event):
    """Somebody's username or display name is another one now."""

    user_id: UUID
