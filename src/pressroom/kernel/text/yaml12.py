"""YAML as js-yaml 4 reads it (the core schema of YAML 1.2, and dates), within limits, with the place of each error.

Values are built from the parser's events: one pass in which depth, size, duplicate keys and what JSON cannot hold
are all refused where they stand.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from math import isfinite
from typing import Any, NoReturn

import yaml

MAX_DEPTH = 20
MAX_NODES = 10_000

LARGEST_INTEGER = 2**63 - 1
# No date is longer, and no number that means anything.
_LONGEST_VALUE = 64

_NOT_TEXT = re.compile("[\0\ud800-\udfff]")
# What every bare word that means something begins with.
_TELLING = frozenset("~nNtTfF.+-0123456789")
_NULL = re.compile("|~|null|Null|NULL")
_TRUE = re.compile("true|True|TRUE")
_FALSE = re.compile("false|False|FALSE")
_INTEGER = re.compile(r"([-+]?)(?:0b([01]+)|0o([0-7]+)|0x([0-9a-fA-F]+)|([0-9]+))")
_FLOAT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?"
    r"(?:[ \t]*(?:(Z)|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?"
)

_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp")}
_STRING_TAG = "tag:yaml.org,2002:str"
_COLLECTION_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """YAML that cannot be read; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def load(source: str) -> object:
    """Read one YAML document into None, booleans, numbers, strings, dates, aware datetimes, lists and dicts.

    Times without a zone are UTC; keys are strings; whole numbers beyond 64 bits become floats, as in JavaScript.

    Raises:
        YamlError: not YAML; two documents; a duplicate key; a custom tag; a date that does not exist; `.nan`, `.inf`,
            NUL or half a character; nested deeper than 20; more than 10,000 values with aliases written out.
    """
    try:
        return _Builder(yaml.parse(source, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlError(_sentence(error.problem or "this is not YAML"), *place) from error
    except yaml.reader.ReaderError as error:
        raise YamlError("A control character stands here; remove it.", *_place(source, error.position)) from error


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:]}."


def _place(source: str, position: int) -> tuple[int, int]:
    before = source[:position]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class _Builder:
    """Builds the values of one document from its events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._anchors: dict[str, tuple[object, int]] = {}
        self._nodes = 0

    def document(self) -> object:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), depth=0)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            _refuse(after, "A second document begins here; front matter is one document.")
        return value

    def _next(self) -> Any:
        return next(self._events)

    def _value(self, event: Any, *, depth: int) -> object:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth=depth)
        before = self._nodes
        self._count(event, 1)
        if depth > MAX_DEPTH:
            _refuse(event, f"This is nested more than {MAX_DEPTH} deep.")
        value = self._built(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = value, self._nodes - before
        return value

    def _built(self, event: Any, depth: int) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if event.tag not in _COLLECTION_TAGS:
            _refuse(event, f"The tag {event.tag} is not known here.")
        return self._mapping(depth) if isinstance(event, yaml.MappingStartEvent) else self._sequence(depth)

    def _alias(self, event: Any, *, depth: int) -> object:
        if event.anchor not in self._anchors:
            _refuse(event, f"*{event.anchor} stands before the end of what it names.")
        value, size = self._anchors[event.anchor]
        self._count(event, size)
        if depth + _height(value) > MAX_DEPTH:
            _refuse(event, f"With this alias written out, values are nested more than {MAX_DEPTH} deep.")
        return value

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            _refuse(event, f"There are more than {MAX_NODES} values, with aliases written out.")

    def _sequence(self, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth=depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, object]:
        items: dict[str, object] = {}
        merged: list[dict[str, object]] = []
        while not isinstance(key_event := self._next(), yaml.MappingEndEvent):
            is_merge = isinstance(key_event, yaml.ScalarEvent) and key_event.value == "<<" and key_event.implicit[0]
            key = "<<" if is_merge else _key(key_event, self._value(key_event, depth=depth + 1))
            value_event = self._next()
            value = self._value(value_event, depth=depth + 1)
            if is_merge:
                merged += _mergeable(value_event, value)
            elif key in items:
                _refuse(key_event, f"“{key}” is given twice.")
            else:
                items[key] = value
        # What stands here wins over what is merged in, and the first merged over the next.
        for key, value in (pair for each in merged for pair in each.items()):
            items.setdefault(key, value)
        return items


def _height(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_height, inner)) if inner else 0


def _refuse(event: Any, message: str) -> NoReturn:
    raise YamlError(message, event.start_mark.line + 1, event.start_mark.column + 1)


def _key(event: Any, value: object) -> str:
    """Keys are strings, as JavaScript makes them."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case int() | float() | date():
            return str(value)
        case _:
            _refuse(event, "A key must be a word, not a list or a mapping.")


def _mergeable(event: Any, value: object) -> list[dict[str, object]]:
    values = value if isinstance(value, list) else [value]
    mappings = [each for each in values if isinstance(each, dict)]
    if len(mappings) < len(values):
        _refuse(event, "“<<” takes a mapping, or a list of mappings.")
    return mappings


def _scalar(event: Any) -> object:
    text: str = event.value
    if _NOT_TEXT.search(text):
        _refuse(event, "NUL and halves of characters are not text.")
    if event.tag in _TAGS:
        value = _resolved(event, text)
        if isinstance(value, str):
            _refuse(event, f"“{text}” is not what its tag says.")
        return value
    if event.tag not in (None, "!", _STRING_TAG):
        _refuse(event, f"The tag {event.tag} is not known here.")
    return _resolved(event, text) if event.tag is None and event.implicit[0] else text


def _resolved(event: Any, text: str) -> object:
    """What a bare word means; a string when it means nothing else."""
    if len(text) > _LONGEST_VALUE or (text and text[0] not in _TELLING):
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text[0] in "tT"
    if _NOT_FINITE.fullmatch(text):
        _refuse(event, f"{text} cannot be kept; write a number or put it in quotes.")
    if found := _INTEGER.fullmatch(text):
        return _integer(found)
    if _FLOAT.fullmatch(text):
        return _float(event, text)
    return _time(event, text)


def _integer(found: re.Match[str]) -> int | float:
    sign, binary, octal, hexadecimal, decimal = found.groups()
    bases = ((binary, 2), (octal, 8), (hexadecimal, 16), (decimal, 10))
    value = next(int(digits, base) for digits, base in bases if digits)
    value = -value if sign == "-" else value
    return value if abs(value) <= LARGEST_INTEGER else float(value)


def _float(event: Any, text: str) -> float:
    value = float(text)
    if not isfinite(value):
        _refuse(event, f"{text} cannot be kept; write a smaller number or put it in quotes.")
    return value


def _time(event: Any, text: str) -> date | datetime | str:
    try:
        if found := _DATE.fullmatch(text):
            return date(*map(int, found.groups()))
        if found := _TIME.fullmatch(text):
            return _datetime(found)
    except ValueError:
        _refuse(event, f"{text} is not in the calendar; write a date that exists or put it in quotes.")
    return text


def _datetime(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, _, sign, hours, minutes = found.groups()[6:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset) if offset else UTC
    microsecond = int((fraction or "")[:6].ljust(6, "0"))
    return datetime(year, month, day, hour, minute, second, microsecond, zone)
