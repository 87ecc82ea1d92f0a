"""Where each value of some front matter is written, whatever it is written in."""

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Span(NamedTuple):
    """A stretch of a file: bytes from `start` up to `end`; `line` counts from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """A value where it is written: characters from `start` up to `end` of the front matter.

    Attributes:
        style: of a scalar its quotes (`"`, `'`, `|`, `>`, `\"\"\"`, …; empty when bare), of a list or a map `block`
            (an entry a line), `flow` (in brackets) or `scattered` (TOML's tables and dotted keys).
        knot: what ties this value to others or to a meaning of its own, so that it must not be edited; or empty.
        prefix: what stands before each key of a scattered map (`a.b.`).
    """

    kind: Literal["scalar", "list", "map"]
    start: int
    end: int
    style: str = ""
    entries: tuple["Entry", ...] = ()
    knot: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a list or a key of a map, with its value.

    Attributes:
        start: where its key, its dash or, between brackets, the item itself begins.
        key: its name; None in a list.
        mark: where the colon, dash or equals sign ends; in a list between brackets, `start`.
    """

    start: int
    mark: int
    value: Node
    key: str | None = None

    @property
    def end(self) -> int:
        """Where its last character is written."""
        return max(self.mark, self.value.end)

    @property
    def is_table(self) -> bool:
        """Whether this is a TOML table or the first part of dotted keys, which is not written in one place."""
        return self.value.style == "scattered"


class Page:
    """A text that knows its lines."""

    def __init__(self, text: str) -> None:
        self.text = text

    def line_start(self, position: int) -> int:
        return self.text.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Where the line of `position` ends, before its line break."""
        found = self.text.find("\n", position)
        end = len(self.text) if found < 0 else found
        return end - 1 if end > position and self.text[end - 1] == "\r" else end

    def next_line(self, position: int) -> int:
        """Where the line after that of `position` starts."""
        found = self.text.find("\n", position)
        return len(self.text) if found < 0 else found + 1

    def column(self, position: int) -> int:
        return position - self.line_start(position)

    def begins_line(self, position: int) -> bool:
        """Whether only spaces stand before `position` on its line."""
        return not self.text[self.line_start(position) : position].strip()

    def line_number(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1
