"""Two texts side by side, as a panel and a terminal show them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Literal

from pressroom.kernel.text.diff import Hunk, Line, Spans, compare


@dataclass(frozen=True, slots=True)
class Cell:
    """A line of one side; lines count from 1, `spans` are the places (`[start, end]`) that differ from the other's."""

    number: int
    text: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Row:
    """Two lines beside each other; the side that has none is `None`."""

    kind: Literal["same", "changed", "ours", "theirs"]
    ours: Cell | None
    theirs: Cell | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of differences, with the lines around it."""

    rows: tuple[Row, ...]


def side_by_side(ours: bytes, theirs: bytes) -> tuple[Stretch, ...]:
    """Where two files differ; none where only their line breaks do."""
    return tuple(Stretch(tuple(_rows(hunk))) for hunk in compare(ours.decode(), theirs.decode()))


def _rows(hunk: Hunk) -> Iterator[Row]:
    left, right = hunk.old_start, hunk.new_start
    for is_same, group in groupby(hunk.lines, key=lambda line: line.kind == "same"):
        lines = list(group)
        removed = lines if is_same else [line for line in lines if line.kind == "removed"]
        added = lines if is_same else [line for line in lines if line.kind == "added"]
        for one, other in zip_longest(_cells(removed, left), _cells(added, right)):
            yield Row(_kind(one, other, is_same=is_same), one, other)
        left, right = left + len(removed), right + len(added)


def _cells(lines: Iterable[Line], first: int) -> Iterator[Cell]:
    return (Cell(number, line.text, line.spans) for number, line in enumerate(lines, first))


def _kind(one: Cell | None, other: Cell | None, *, is_same: bool) -> Literal["same", "changed", "ours", "theirs"]:
    if is_same:
        return "same"
    return "changed" if one and other else "ours" if one else "theirs"
