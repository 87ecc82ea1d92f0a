"""Two people changed one file: their changes in one text where they do not touch, else both texts and where they clash.

Front matter is merged key by key, nested maps leaf by leaf, and the body line by line, as diff3 does. Changes of
neighbouring lines touch. Nothing that a side wrote is dropped to make a merge succeed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
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
    values, clashes = _merged_values(base.values, ours.values, theirs.values)
    body, body_clashes = _merged_body(base.body, ours.body, theirs.body)
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


def _merged_values(base: _Values, ours: _Values, theirs: _Values) -> tuple[dict[str, object], list[Clash]]:
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
        values, clashes = _merged_values(base, ours, theirs)
        inner = [Clash("key", f"{key}.{each.where}", each.base, each.ours, each.theirs) for each in clashes]
        return values, inner
    return ours, [Clash("key", key, base, ours, theirs)]


def _merged_body(base: str, ours: str, theirs: str) -> tuple[str, list[Clash]]:
    lines: list[str] = []
    clashes: list[Clash] = []
    for region in _regions(*(_LINES.findall(text) for text in (base, ours, theirs))):
        before, one, other = ("".join(side) for side in (region.base, region.ours, region.theirs))
        if before != other and one not in {before, other}:
            clashes.append(Clash("body", str(region.line), before, one, other))
        lines.append(other if one == before else one)
    return "".join(lines), clashes


class _Region(NamedTuple):
    """A stretch between lines that all three have; `line` is where it starts in ours."""

    line: int
    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]


def _regions(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[_Region]:
    """The three texts cut at each line that neither side changed; those lines are regions of their own."""
    in_ours, in_theirs = _kept(base, ours), _kept(base, theirs)
    common = [(line, in_ours[line], in_theirs[line]) for line in in_ours if line in in_theirs]
    ends = (len(base), len(ours), len(theirs))
    for (b, o, t), (next_b, next_o, next_t) in pairwise([(-1, -1, -1), *common, ends]):
        if o >= 0:
            yield _Region(o + 1, base[b : b + 1], ours[o : o + 1], theirs[t : t + 1])
        yield _Region(o + 2, base[b + 1 : next_b], ours[o + 1 : next_o], theirs[t + 1 : next_t])


def _kept(base: list[str], side: list[str]) -> dict[int, int]:
    """Where each line of `base` that was kept stands in `side`."""
    blocks = SequenceMatcher(None, base, side).get_matching_blocks()
    return {a + offset: b + offset for a, b, size in blocks for offset in range(size)}
