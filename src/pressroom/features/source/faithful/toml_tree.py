"""The places of TOML values, found by a small scanner of what `tomllib` has read before."""

import re
import tomllib
from dataclasses import dataclass, field

from pressroom.features.source.faithful.tree import Entry, Node, Page

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_HEADER = re.compile(rf"\[\[?[ \t]*({_KEY.pattern})[ \t]*\]\]?")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\r\n]*[^,\]}#\s]")


@dataclass(slots=True)
class _Table:
    """A map whose keys may stand in several places."""

    start: int
    end: int
    prefix: str = ""
    knot: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)
    tables: dict[str, "_Table"] = field(default_factory=dict)

    def node(self, style: str = "scattered") -> Node:
        tables = [Entry(table.start, table.start, table.node(), name) for name, table in self.tables.items()]
        return Node("map", self.start, self.end, style, (*self.entries.values(), *tables), self.knot, self.prefix)


def toml_tree(front: str) -> Node:
    """The tree of `front`, which was read before and so is known to be TOML."""
    return _Scanner(front).root()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._page = Page(text)
        self._at = 0

    def root(self) -> Node:
        table = root = _Table(0, 0)
        while self._skip() < len(self._text):
            if self._text[self._at] == "[":
                table = self._header(root)
            else:
                self._pair(table)
        return root.node("block")

    def _skip(self) -> int:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _header(self, root: _Table) -> _Table:
        start, is_array = self._at, self._text.startswith("[[", self._at)
        header = self._take(_HEADER)
        table, name = root, ""
        for name in _names(header.strip("[] \t")):
            table = table.tables.setdefault(name, _Table(start, self._at))
        # A table that was opened before only by its sub-tables has its own place now.
        if not table.knot:
            table.start, table.end = start, self._at
            table.knot = f"the tables [[{name}]]" if is_array else ""
        return table

    def _pair(self, table: _Table) -> None:
        start = self._at
        written = self._take(_KEY)
        *above, name = _names(written)
        self._at = self._text.index("=", self._at) + 1
        mark = self._at
        value = self._value()
        for part in above:
            table = table.tables.setdefault(part, _Table(start, mark, prefix=_above(written)))
        table.entries[name] = Entry(start, mark, value, name)

    def _value(self) -> Node:
        self._skip()
        start = self._at
        opening = self._text[start]
        if opening in "[{":
            return self._collection(is_list=opening == "[")
        if opening in "\"'":
            written = self._take(_STRING)
            style = written[:3] if written[:3] in {'"""', "'''"} else opening
            return Node("scalar", start, self._at, style)
        self._take(_BARE)
        return Node("scalar", start, self._at)

    def _collection(self, *, is_list: bool) -> Node:
        start = self._at
        self._at += 1
        table = _Table(start, start)
        items: list[Entry] = []
        while self._text[self._skip()] not in "]}":
            if self._text[self._at] == ",":
                self._at += 1
            elif is_list:
                value = self._value()
                items.append(Entry(value.start, value.start, value))
            else:
                self._pair(table)
        self._at += 1
        # Dotted keys between braces are rare enough to be left to a person.
        knot = "dotted keys between braces" if table.tables else ""
        entries = tuple(items) if is_list else table.node().entries
        return Node("list" if is_list else "map", start, self._at, "flow", entries, knot)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if not found:
            raise ValueError(f"Nothing of TOML stands at {self._at}.")
        self._at = found.end()
        return found[0]


def _names(written: str) -> list[str]:
    names: list[str] = []
    value: object = tomllib.loads(f"{written} = 0")
    while isinstance(value, dict):
        name, value = next(iter(value.items()))
        names.append(name)
    return names


def _above(written: str) -> str:
    """`a.b.` of `a.b.c`."""
    parts = [found[0] for found in re.finditer(_PART, written)]
    return "".join(f"{part}." for part in parts[:-1])
