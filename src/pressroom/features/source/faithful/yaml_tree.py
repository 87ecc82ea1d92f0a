"""The places of YAML values, from the parser's own marks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import yaml

from pressroom.features.source.faithful.tree import Entry, Node, Page

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MERGE = "<<"


def yaml_tree(front: str, values: dict[str, object]) -> Node:
    """The tree of `front`, which was read as `values` before and so is known to be YAML."""
    events = (event for event in yaml.parse(front, Loader=_Loader) if not isinstance(event, _FRAMES))
    first = next(events, None)
    if first is None or isinstance(first, yaml.ScalarEvent):
        return Node("map", 0, 0, "block")
    return _Grower(Page(front), events).node(first, values)


_FRAMES = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent)


class _Grower:
    """Makes nodes of events. The values read before give each key its name, so that keys are read in one place only."""

    def __init__(self, page: Page, events: Iterator[Any]) -> None:
        self._page = page
        self._text = page.text
        self._events = events

    def node(self, event: Any, value: object) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Node("scalar", start, end, knot=f"the alias *{event.anchor}")
        knot = _knot(event)
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            return Node("scalar", start, self._scalar_end(start, end, style), style, knot=knot)
        if isinstance(event, yaml.SequenceStartEvent):
            entries, end = self._items(event, value if isinstance(value, list) else [])
        else:
            entries, end = self._pairs(event, value if isinstance(value, dict) else {})
        if event.flow_style and self._text[start : start + 1] not in {"[", "{"}:
            knot = knot or "a pair without braces"
        kind: Literal["list", "map"] = "list" if isinstance(event, yaml.SequenceStartEvent) else "map"
        return Node(kind, start, end, "flow" if event.flow_style else "block", tuple(entries), knot)

    def _scalar_end(self, start: int, end: int, style: str) -> int:
        """A block scalar ends with its last line; empty lines after it count only where `+` keeps them."""
        if style not in {"|", ">"}:
            return end
        header = self._text[start : self._page.line_end(start)].partition("#")[0]
        written = self._text[start:end]
        if "+" not in header:
            return min(end, self._page.line_end(start + len(written.rstrip())))
        return end - (2 if written.endswith("\r\n") else 1 if written.endswith("\n") else 0)

    def _items(self, sequence: Any, values: list[object]) -> tuple[list[Entry], int]:
        entries: list[Entry] = []
        remaining = iter(values)
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            value = self.node(event, next(remaining, None))
            entries.append(Entry(value.start, value.start, value) if sequence.flow_style else self._dashed(value))
        return entries, _collection_end(sequence, event, entries)

    def _dashed(self, value: Node) -> Entry:
        dash = self._text.rfind("-", 0, value.start)
        if self._text[dash + 1 : value.start].strip():
            value = _tied(value, "a comment between a dash and its value")
        return Entry(dash, dash + 1, value)

    def _pairs(self, mapping: Any, values: dict[str, object]) -> tuple[list[Entry], int]:
        entries: list[Entry] = []
        remaining = iter(values.items())
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            is_merge = isinstance(event, yaml.ScalarEvent) and event.value == _MERGE and event.implicit[0]
            name, value = (_MERGE, None) if is_merge else next(remaining)
            key = self.node(event, None)
            entry = self._pair(key, name, self.node(next(self._events), value))
            entries.append(replace(entry, value=_tied(entry.value, "the merge key <<")) if is_merge else entry)
        return entries, _collection_end(mapping, event, entries)

    def _pair(self, key: Node, name: str, value: Node) -> Entry:
        colon = self._text.find(":", key.end)
        if colon < 0 or self._text[key.end : colon].strip():
            return Entry(key.start, key.end, _tied(value, "a key without a colon"), name)
        start = self._explicit_start(key)
        if start < key.start or "\n" in self._text[key.start : colon]:
            value = _tied(value, "a key of several lines")
        return Entry(start, colon + 1, _tied(value, key.knot), name)

    def _explicit_start(self, key: Node) -> int:
        """Where the question mark stands before a key on its line, else where the key itself does."""
        before = self._text[self._page.line_start(key.start) : key.start].rstrip(" \t")
        return key.start if not before.endswith("?") else self._page.line_start(key.start) + len(before) - 1


def _knot(event: Any) -> str:
    if event.anchor:
        return f"the anchor &{event.anchor}"
    if event.tag:
        return f"the tag {event.tag.replace('tag:yaml.org,2002:', '!!')}"
    return ""


def _tied(node: Node, knot: str) -> Node:
    return replace(node, knot=node.knot or knot)


def _collection_end(start: Any, end: Any, entries: list[Entry]) -> int:
    """The parser ends a block where the next thing begins; here it ends with its last value."""
    if start.flow_style or not entries:
        return int(end.end_mark.index)
    return entries[-1].end
