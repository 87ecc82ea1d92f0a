"""How a file writes its values, so that new ones are written the same way."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from pressroom.features.source.faithful.bodies import newline_of
from pressroom.features.source.faithful.tree import Entry, Node, Page

_MOMENT = re.compile(
    r"\d{4}-\d\d?-\d\d?(?:(?P<gap>[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?"
    r"(?:(?P<space>[ \t]*)(?P<zone>Z|(?P<sign>[-+])(?P<hours>\d\d?)(?::(?P<minutes>\d\d))?))?)?"
)
_QUOTES = {"", "'", '"'}


@dataclass(frozen=True, slots=True)
class Habits:
    """What most values of a file have in common.

    Attributes:
        quote: around strings that need none; empty when they are bare.
        needed_quote: around strings that need one.
        flow_lists: whether lists stand in brackets; `flow_maps` likewise.
        dash_indent: how far a dash stands right of its key; `map_indent` likewise for the keys of a map.
        moment: a date as the file writes it; empty when it has none.
        assign: the signs between a key and its value in TOML.
        newline: how lines end.
    """

    quote: str = ""
    needed_quote: str = ""
    flow_lists: bool = False
    flow_maps: bool = False
    dash_indent: int = 2
    map_indent: int = 2
    moment: str = ""
    assign: str = " = "
    newline: str = "\n"


def habits_of(page: Page, root: Node, values: Mapping[str, object]) -> Habits:
    """Look at what is there; what is not there keeps its default."""
    written = list(_written(root, values))
    texts = Counter(node.style for node, value in written if isinstance(value, str) and node.style in _QUOTES)
    quoted = Counter(node.style for node, _ in written if node.style in {"'", '"'})
    moments = [page.text[node.start : node.end] for node, value in written if isinstance(value, date)]
    nested = [entry for entry in _entries(root) if entry.value.entries]
    lists = [entry for entry in nested if entry.value.kind == "list"]
    maps = [entry for entry in nested if entry.value.kind == "map"]
    return Habits(
        quote=_most(texts),
        needed_quote=_most(quoted),
        flow_lists=_mostly_flow(lists),
        flow_maps=_mostly_flow(maps),
        dash_indent=_indent(page, lists, least=0),
        map_indent=_indent(page, maps, least=1),
        moment=max(moments, key=len, default=""),
        assign=_assign(page, root),
        newline=newline_of(page.text),
    )


def moment_text(value: date, *, like: str) -> str:
    """Write a day or a moment as `like` is written: its separator and its zone; a day for midnight where days are."""
    if not isinstance(value, datetime):
        return value.isoformat()
    found = _MOMENT.fullmatch(like)
    value = value if value.tzinfo else value.replace(tzinfo=UTC)
    if not found:
        return _zoned(value, "T")
    if not found["gap"]:
        is_day = value.astimezone(UTC).time() == time()
        return value.astimezone(UTC).date().isoformat() if is_day else _zoned(value, "T")
    shown = value.astimezone(_zone(found))
    return _zoned(shown, found["gap"], space=found["space"] or "") if found["zone"] else _clock(shown, found["gap"])


def _zone(like: re.Match[str]) -> timezone:
    offset = timedelta(hours=int(like["hours"] or 0), minutes=int(like["minutes"] or 0))
    return timezone(-offset if like["sign"] == "-" else offset) if offset else UTC


def _zoned(value: datetime, gap: str, *, space: str = "") -> str:
    offset = value.utcoffset() or timedelta()
    if offset.total_seconds() % 60:
        value, offset = value.astimezone(UTC), timedelta()
    if not offset:
        return f"{_clock(value, gap)}{space}Z"
    sign, ahead = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, minutes = divmod(int(ahead.total_seconds()) // 60, 60)
    return f"{_clock(value, gap)}{space}{sign}{hours:02}:{minutes:02}"


def _clock(value: datetime, gap: str) -> str:
    return value.replace(tzinfo=None).isoformat().replace("T", gap)


def _written(node: Node, value: object) -> Iterator[tuple[Node, object]]:
    yield node, value
    if node.kind == "map" and isinstance(value, Mapping):
        for entry in node.entries:
            yield from _written(entry.value, value.get(entry.key or ""))
    elif node.kind == "list" and isinstance(value, list):
        for entry, item in zip(node.entries, value, strict=False):
            yield from _written(entry.value, item)


def _entries(node: Node) -> Iterator[Entry]:
    for entry in node.entries:
        if node.kind == "map":
            yield entry
        yield from _entries(entry.value)


def _most(counted: Counter[str]) -> str:
    return next((name for name, _ in counted.most_common(1)), "")


def _mostly_flow(entries: list[Entry]) -> bool:
    return sum(1 if entry.value.style == "flow" else -1 for entry in entries) > 0


def _indent(page: Page, entries: list[Entry], *, least: int) -> int:
    blocks = [entry for entry in entries if entry.value.style == "block"]
    steps = [page.column(entry.value.entries[0].start) - page.column(entry.start) for entry in blocks]
    return next((step for step in steps if step >= least), 2)


def _assign(page: Page, root: Node) -> str:
    for entry in root.entries:
        between = page.text[entry.start : entry.value.start]
        if entry.value.kind == "scalar" and between.endswith("="):
            return between[len(between.rstrip(" \t=")) :]
    return " = "
