"""Who asks, and how roles compare. How an actor is found out is the accounts slice's business."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Roles from the least to the most: each may do all that the ones before it may."""

    member = "member"
    author = "author"
    editor = "editor"
    admin = "admin"
    owner = "owner"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that `other` may."""
        return self.rank >= other.rank


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person behind a request or a command."""

    id: UUID
    username: str
    display_name: str
    role: Role

    def is_at_least(self, role: Role) -> bool:
        return self.role.includes(role)

    @property
    def account_id(self) -> UUID | None:
        """The account; `None` for `OPERATOR`, who has none."""
        return None if self.id == _NOBODY else self.id


_NOBODY = UUID(int=0)
OPERATOR = Actor(id=_NOBODY, username="operator", display_name="Operator", role=Role.owner)
"""Who runs a command on the machine itself: whoever can read the data folder may do everything."""
