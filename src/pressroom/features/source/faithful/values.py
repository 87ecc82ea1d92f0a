"""What a value is, apart from how it is written."""

from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final


class Removed(Enum):
    """The kind of `REMOVED`."""

    REMOVED = "removed"


REMOVED: Final = Removed.REMOVED


def same(one: object, other: object) -> bool:
    """Whether the site reads both as the same value: 1 is 1.0 but not true, and a day is its midnight in UTC."""
    return essence(one) == essence(other)


def essence(value: Any) -> Hashable:
    """A hashable stand-in that is equal for values which the site reads as the same."""
    match value:
        case Mapping():
            return ("map", frozenset((key, essence(item)) for key, item in value.items()))
        case list():
            return ("list", tuple(map(essence, value)))
        case datetime():
            return ("moment", value if value.tzinfo else value.replace(tzinfo=UTC))
        case date():
            return ("moment", datetime(value.year, value.month, value.day, tzinfo=UTC))
        case int() | float() if not isinstance(value, bool):
            return ("number", value)
        case _:
            return (type(value).__name__, value)


def with_changes(values: Mapping[str, object], changes: Mapping[str, object | Removed]) -> dict[str, object]:
    """The values with the changes made; None takes a key out unless it is empty already."""
    return _merged(dict(values), changes, old=values)


def _merged(
    start: dict[str, object], changes: Mapping[str, object | Removed], *, old: Mapping[str, object]
) -> dict[str, object]:
    result = start
    for key, value in changes.items():
        before = old.get(key)
        if value is REMOVED or (value is None and (key not in old or before is not None)):
            result.pop(key, None)
        elif isinstance(value, Mapping):
            result[key] = _merged({}, value, old=before if isinstance(before, Mapping) else {})
        else:
            result[key] = value
    return result
