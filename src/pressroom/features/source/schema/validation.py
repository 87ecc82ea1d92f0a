"""Whether a site's build would take a front matter, said field by field.

The site's schema is not the whole truth. Measured with Astro 5: a date in quotes passes the schema and fails the
build, as does an empty value; `2024-02-30` passes both and becomes the first of March; keys that the schema forbids
pass the build. What is refused here is what the build refuses, or what it would silently change.
"""

import operator
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pressroom.features.source.schema.dates import read_date, why_no_date
from pressroom.features.source.schema.form import Field, Form, Kind

_LARGEST = sys.float_info.max
# What JavaScript's `new URL()` takes: web schemes need a host, others nothing more.
_ADDRESS = re.compile(
    r"\s*(?:(?:https?|wss?|ftp):[/\\]*[^\s/\\?#]+(?:[/\\?#].*)?|(?!(?:https?|wss?|ftp):)[a-z][a-z0-9+.-]*:.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: a JSON pointer to it (`/tags/0`), and a sentence for the writer."""

    field: str
    message: str


def validate(front: Mapping[str, object], form: Form) -> list[Problem]:
    """What the site's build would refuse in these values, in the form's order; empty when it takes them.

    `front` holds values as front matter is read: dates as `date` or `datetime`, an empty value as None.
    """
    return list(_members(front, form.fields, ""))


def typed(values: Mapping[str, object], form: Form) -> dict[str, object]:
    """Values that came as JSON, as front matter holds them: dates as dates, and no empty ones.

    Text that is no date stays text, and `validate` names it. An empty value is left out unless the site takes it,
    because to the build an empty key is not a missing one.
    """
    return _typed_members(values, form.fields)


def _typed_members(values: Mapping[str, object], fields: tuple[Field, ...]) -> dict[str, object]:
    known = {field.name: field for field in fields}
    read = {name: _typed(value, known.get(name)) for name, value in values.items()}
    return {name: value for name, value in read.items() if not _is_left_out(value, known.get(name))}


def _typed(value: object, field: Field | None) -> object:
    if field is None:
        return value
    if field.kind is Kind.date and isinstance(value, str):
        return read_date(value) or value
    if field.kind is Kind.list and isinstance(value, list):
        return [_typed(each, field.item) for each in value]
    if field.kind is Kind.object and isinstance(value, Mapping):
        return _typed_members(value, field.fields)
    return value


def _is_left_out(value: object, field: Field | None) -> bool:
    if field is None:
        return False
    is_empty_text = value == "" and field.kind not in {Kind.string, Kind.text, Kind.any}
    return (value is None and not field.nullable) or is_empty_text


def _members(values: Mapping[str, object], fields: tuple[Field, ...], place: str) -> Iterator[Problem]:
    for field in fields:
        pointer = f"{place}/{field.name.replace('~', '~0').replace('/', '~1')}"
        if field.name in values:
            yield from _value(values[field.name], field, pointer)
        elif field.required:
            yield Problem(pointer, f"“{field.name}” is missing.")


def _value(value: object, field: Field, pointer: str) -> Iterator[Problem]:
    if value is None:
        if not field.nullable and field.kind is not Kind.any:
            yield Problem(pointer, "This is empty; give it a value or remove the key.")
        return
    message = _CHECKS[field.kind](value, field)
    if message:
        yield Problem(pointer, message)
    elif isinstance(value, list) and field.item:
        for position, item in enumerate(value):
            yield from _value(item, field.item, f"{pointer}/{position}")
    elif isinstance(value, Mapping):
        yield from _members(value, field.fields, pointer)


def _string(value: object, field: Field) -> str | None:
    if not isinstance(value, str):
        return f"{_shown(value)} is {_named(value)} here; put it in quotes to make it text."
    if field.is_address and not _ADDRESS.fullmatch(value):
        return f"{_shown(value)} is not a whole address; write one like https://example.com/page."
    return _length(value, field, "characters")


def _length(value: str | list[object], field: Field, what: str) -> str | None:
    # JavaScript counts text in units of UTF-16.
    length = len(value.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(value, str) else len(value)
    if field.minimum is not None and length < field.minimum:
        return "Write something." if not value else f"This needs at least {field.minimum:g} {what}."
    if field.maximum is not None and length > field.maximum:
        return f"This may have at most {field.maximum:g} {what}; it has {length}."
    return None


def _date(value: object, field: Field) -> str | None:
    if isinstance(value, date):
        return None
    if not isinstance(value, str):
        return None if field.takes_text and _as_number(value) is not None else f"{_shown(value)} is not a date."
    found = read_date(value)
    if field.takes_text:
        return why_no_date(value) if found is None and value[:4].isdecimal() and value[4:5] == "-" else None
    return (
        f"Write {found.isoformat()} without quotes; in quotes it is text, not a date." if found else why_no_date(value)
    )


def _number(value: object, field: Field) -> str | None:
    number = _as_number(value)
    if number is None:
        return f"{_shown(value)} is not a number."
    if field.is_whole and not number.is_integer():
        return f"{value} is not a whole number."
    bounds = (
        (field.minimum, operator.ge, "at least"),
        (field.maximum, operator.le, "at most"),
        (field.above, operator.gt, "more than"),
        (field.below, operator.lt, "less than"),
    )
    broken = (
        f"This must be {words} {bound:g}."
        for bound, holds, words in bounds
        if bound is not None and not holds(number, bound)
    )
    return next(broken, None)


def _boolean(value: object, field: Field) -> str | None:
    del field
    return None if isinstance(value, bool) else f"{_shown(value)} is neither true nor false; write one of them."


def _enum(value: object, field: Field) -> str | None:
    # 1 and True are one and the same to Python, and not to the site.
    if any(value == each and isinstance(value, bool) is isinstance(each, bool) for each in field.values):
        return None
    return f"{_shown(value)} is none of {', '.join(map(str, field.values))}."


def _list(value: object, field: Field) -> str | None:
    if not isinstance(value, list):
        return f"{_shown(value)} is not a list; write it as [{value}]."
    return _length(value, field, "items")


def _object(value: object, field: Field) -> str | None:
    names = ", ".join(each.name for each in field.fields)
    return None if isinstance(value, Mapping) else f"{_shown(value)} has no fields of its own; it needs {names}."


def _anything(value: object, field: Field) -> str | None:
    del value, field
    return None


_CHECKS: dict[Kind, Callable[[object, Field], str | None]] = {
    Kind.string: _string,
    Kind.text: _string,
    Kind.image: _string,
    Kind.date: _date,
    Kind.number: _number,
    Kind.boolean: _boolean,
    Kind.enum: _enum,
    Kind.list: _list,
    Kind.object: _object,
    Kind.any: _anything,
}


def _as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -_LARGEST <= value <= _LARGEST else None


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"“{value}”"
        case date():
            return value.isoformat()
        case list():
            return "A list"
        case Mapping():
            return "A group of fields"
        case _:
            return str(value)


def _named(value: object) -> str:
    match value:
        case bool():
            return "yes or no"
        case date():
            return "a date"
        case int() | float():
            return "a number"
        case _:
            return "no text"
