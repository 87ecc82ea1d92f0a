"""Two people changed one file: their changes in one text where they do not touch, else both texts and where they clash.

Front matter is merged key by key, nested maps leaf by leaf, and the body line by line, as diff3 does. Changes of
neighbouring lines touch. Nothing that a side wrote is dropped to make a merge succeed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal, NamedTuple

from pressroom.features.source.faithful import REMOVED, CannotEdit, Removed, SourceDocument, same

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Clash:
    """A place that both sides changed, each in its own way.

    Attributes:
        kind: `key` of the front matter, lines of the `body`, or the `layout` of the front matter (its comments, or
            what cannot be edited safely).
        where: the key, its parts joined by dots; of the body the first line in ours, counting from 1; else empty.
        base: what it was; `ours` and `theirs` what it became. `REMOVED` where a key is not there.
    """

    kind: Literal["key", "body", "layout"]
    where: str
    base: object
    ours: object
    theirs: object


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both files as they are, byte for byte, and every place where they clash."""

    ours: bytes
    theirs: bytes
    clashes: tuple[Clash, ...]


class _Sides(NamedTuple):
    base: SourceDocument
    ours: SourceDocument
    theirs: SourceDocument


def merge(base: SourceDocument, ours: SourceDocument, theirs: SourceDocument) -> bytes | Conflict:
    """One file with the changes of both sides, or the conflict; where one side changed nothing, the other's bytes."""
    if theirs.raw in {base.raw, ours.raw}:
        return ours.raw
    if ours.raw == base.raw:
        return theirs.raw
    values, clashes = merged_values(base.values, ours.values, theirs.values)
    body, body_clashes = merged_lines(base.body, ours.body, theirs.body)
    if clashes or body_clashes:
        return Conflict(ours.raw, theirs.raw, (*clashes, *body_clashes))
    return _carried(_Sides(base, ours, theirs), values, body)


def _carried(sides: _Sides, values: Mapping[str, object], body: str) -> bytes | Conflict:
    """Write what was merged into one of the two files: the one whose front matter was touched, if one is."""
    base, ours, theirs = sides
    for carrier in (theirs, ours) if theirs.front_matter != base.front_matter else (ours, theirs):
        gone = {key: REMOVED for key in carrier.values if key not in values}
        try:
            result = carrier.edited({**values, **gone}, body=body)
        except CannotEdit:
            continue
        if all(comment in result.decode() for comment in _new_comments(sides)):
            return result
    fronts = (base.front_matter, ours.front_matter, theirs.front_matter)
    return Conflict(ours.raw, theirs.raw, (Clash("layout", "", *fronts),))


def _new_comments(sides: _Sides) -> set[str]:
    base, ours, theirs = (set(_COMMENT.findall(side.front_matter.replace("\r\n", "\n"))) for side in sides)
    return (ours | theirs) - base


_Values = Mapping[str, object]


def merged_values(base: _Values, ours: _Values, theirs: _Values) -> tuple[dict[str, object], list[Clash]]:
    """The changes of both sides, key by key, and where they clash; there ours stands."""
    values: dict[str, object] = {}
    clashes: list[Clash] = []
    for key in dict.fromkeys((*ours, *theirs)):
        value, inner = _merged_value(key, *(side.get(key, REMOVED) for side in (base, ours, theirs)))
        clashes += inner
        if value is not REMOVED:
            values[key] = value
    return values, clashes


def _merged_value(key: str, base: object, ours: object, theirs: object) -> tuple[object | Removed, list[Clash]]:
    if same(ours, theirs) or same(theirs, base):
        return ours, []
    if same(ours, base):
        return theirs, []
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping) and isinstance(base, Mapping):
        values, clashes = merged_values(base, ours, theirs)
        inner = [Clash("key", f"{key}.{each.where}", each.base, each.ours, each.theirs) for each in clashes]
        return values, inner
    return ours, [Clash("key", key, base, ours, theirs)]


def merged_lines(base: str, ours: str, theirs: str) -> tuple[str, list[Clash]]:
    """The changes of both sides, line by line, and where they clash; there ours stands."""
    found = list(regions(base, ours, theirs))
    clashes = [Clash("body", str(each.line), each.base, each.ours, each.theirs) for each in found if each.clashes]
    return "".join(each.merged for each in found), clashes


class Region(NamedTuple):
    """A stretch between lines that all three texts have; `line` is where it starts in ours."""

    line: int
    base: str
    ours: str
    theirs: str

    @property
    def clashes(self) -> bool:
        """Whether both sides changed it, each in its own way."""
        return self.base != self.theirs and self.ours not in {self.base, self.theirs}

    @property
    def merged(self) -> str:
        """The side that changed it; ours, when both did."""
        return self.theirs if self.ours == self.base else self.ours


def regions(base: str, ours: str, theirs: str) -> Iterator[Region]:
    """The three texts cut at each line that neither side changed; those lines are regions of their own."""
    b_lines, o_lines, t_lines = (_LINES.findall(text) for text in (base, ours, theirs))
    in_ours, in_theirs = _kept(b_lines, o_lines), _kept(b_lines, t_lines)
    common = [(line, in_ours[line], in_theirs[line]) for line in in_ours if line in in_theirs]
    ends = (len(b_lines), len(o_lines), len(t_lines))
    for (b, o, t), (next_b, next_o, next_t) in pairwise([(-1, -1, -1), *common, ends]):
        if o >= 0:
            yield Region(o + 1, b_lines[b], o_lines[o], t_lines[t])
        between = (b_lines[b + 1 : next_b], o_lines[o + 1 : next_o], t_lines[t + 1 : next_t])
        yield Region(o + 2, *map("".join, between))


def changed_lines(base: str, side: str) -> int:
    """How many lines lie between the first and the last that differ: what merging them costs grows with it."""
    before, after = _LINES.findall(base), _LINES.findall(side)
    head, tail = _equal_ends(before, after)
    return max(len(before), len(after)) - head - tail


def _kept(base: list[str], side: list[str]) -> dict[int, int]:
    """Where each line of `base` that was kept stands in `side`."""
    head, tail = _equal_ends(base, side)
    b_end, s_end = len(base) - tail, len(side) - tail
    blocks = SequenceMatcher(None, base[head:b_end], side[head:s_end]).get_matching_blocks()
    found = [(0, 0, head), *((head + b, head + s, size) for b, s, size in blocks), (b_end, s_end, tail)]
    return {b + offset: s + offset for b, s, size in found for offset in range(size)}


def _equal_ends(one: list[str], other: list[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning and at the end of both."""
    most = min(len(one), len(other))
    head = next((at for at in range(most) if one[at] != other[at]), most)
    tail = next((at for at in range(most - head) if one[-1 - at] != other[-1 - at]), most - head)
    return head, tail
