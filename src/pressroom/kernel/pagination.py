"""Lists: what may be asked of every one of them, and what every one of them answers."""

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import orjson
from pydantic import ConfigDict, Field

from pressroom.kernel.errors import InvalidCursor
from pressroom.kernel.schema import Schema

LARGEST_OFFSET = 1_000_000
LARGEST_INTEGER = 2**63 - 1
T = TypeVar("T")


class ListQuery(Schema):
    """The query parameters that every list understands. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100, description="How many to answer, 1 to 100")] = 20
    offset: Annotated[int, Field(ge=0, le=LARGEST_OFFSET, description="How many to pass over")] = 0


class WholeListQuery(Schema):
    """The query of a list that is answered whole: no parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListMeta(Schema):
    """Where a page of a list stands: `next` is the address of the following page, or `null`."""

    total: int
    limit: int
    offset: int
    next: str | None


class Listing(Schema, Generic[T]):
    """One page of a list."""

    data: list[T]
    meta: ListMeta


def encode_cursor(*position: str | int | None) -> str:
    """A cursor for the row after which the next page begins; opaque to clients."""
    return base64.urlsafe_b64encode(orjson.dumps(position)).rstrip(b"=").decode()


def decode_cursor(cursor: str, *, fields: int) -> list[Any]:
    """The position inside a cursor.

    Raises:
        InvalidCursor: it was not made by `encode_cursor` with that many fields.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        position = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise InvalidCursor from None
    if not isinstance(position, list) or len(position) != fields or not all(map(_is_storable, position)):
        raise InvalidCursor
    return position


def _is_storable(part: Any) -> bool:
    """Whether a database can compare with it."""
    if isinstance(part, int):
        return abs(part) <= LARGEST_INTEGER
    return part is None or (isinstance(part, str) and "\0" not in part)


def next_address(path: str, query: str, **changes: str | int) -> str:
    """The address of another page of the same list: the same query with some parameters changed."""
    kept = [(name, value) for name, value in parse_qsl(query) if name not in changes and name != "cursor"]
    if "cursor" in changes:
        kept = [(name, value) for name, value in kept if name != "offset"]
    return f"{path}?{urlencode([*kept, *changes.items()])}"
