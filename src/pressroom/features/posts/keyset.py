"""Orders of lists, and cursors into them: a cursor names the last row of a page by its place in the order."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, tuple_

from pressroom.features.posts.models import Post
from pressroom.kernel.errors import InvalidCursor
from pressroom.kernel.pagination import decode_cursor, encode_cursor


@dataclass(frozen=True)
class Order:
    """By one column, and by id where two rows share its value."""

    column: ColumnElement[Any]
    descending: bool

    def by(self, statement: Select[Any]) -> Select[Any]:
        """The statement in this order."""
        if self.descending:
            return statement.order_by(self.column.desc(), Post.id.desc())
        return statement.order_by(self.column, Post.id)

    def after(self) -> ColumnElement[bool]:
        """Whether a row follows the place that `place` binds."""
        here = tuple_(self.column, Post.id)
        place = tuple_(bindparam("place", type_=self.column.type), bindparam("place_id", type_=Post.id.type))
        return here < place if self.descending else here > place


def cursor_after(sort: str, value: datetime | str, post_id: UUID) -> str:
    """The cursor of the page after this row."""
    return encode_cursor(sort, value.isoformat() if isinstance(value, datetime) else value, post_id.hex)


def place_of(cursor: str, sort: str, *, timely: bool) -> dict[str, Any]:
    """What `Order.after` binds.

    Args:
        cursor: as a client sends it.
        sort: the order that the client asks for now; a cursor belongs to one order.
        timely: whether the order is by a moment.

    Raises:
        InvalidCursor: it was not made for this order.
    """
    made_for, value, post_id = decode_cursor(cursor, fields=3)
    if made_for != sort or not isinstance(value, str) or "\0" in value:
        raise InvalidCursor
    try:
        return {"place": _aware(value) if timely else value, "place_id": UUID(post_id)}
    except (ValueError, OverflowError, TypeError, AttributeError):
        raise InvalidCursor from None


def _aware(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise InvalidCursor
    return moment.astimezone(UTC)
