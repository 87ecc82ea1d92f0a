"""What changed between two versions of a text: line by line and, inside edited lines, word by word."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from pressroom.kernel.text.characters import UNSPACED, compiled

# Beyond these, comparing would cost more than it tells: the whole stretch counts as replaced.
_MAX_LINES = 3_000
_MAX_WORDS = 1_200
_MAX_EDITED_LINES = 50
# Two lines with less in common than this were not edited but replaced.
_EDITED = 0.4

_WORD = rf"[{UNSPACED}]|[^\W{UNSPACED}]+|\s+|."

Change = tuple[str, int, int, int, int]
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line break; `spans` are the places (`[start, end]`) that changed in an edited line."""

    kind: Literal["same", "added", "removed"]
    text: str
    spans: Spans = ()


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of changes with the lines around it; lines count from 1, as in a unified diff."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: tuple[Line, ...]


def compare(old: str, new: str, *, context: int = 3) -> tuple[Hunk, ...]:
    """The hunks that lead from `old` to `new`, each with `context` equal lines around it; none for equal texts.

    Line breaks of all kinds count as the same.
    """
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return ()
    # Most edits are small: what is equal at both ends is set aside, but for the context.
    head = _equal_at_start(before, after)
    tail = _equal_at_start(before[head:][::-1], after[head:][::-1])
    start, spare = max(head - context, 0), max(tail - context, 0)
    before, after = before[start : len(before) - spare], after[start : len(after) - spare]
    groups = _groups(before, after, context=context, ends=(head - start, tail - spare))
    return tuple(_hunk(group, before, after, offset=start) for group in groups)


def _equal_at_start(before: list[str], after: list[str]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((index for index, (old, new) in pairs if old != new), min(len(before), len(after)))


def _groups(before: list[str], after: list[str], *, context: int, ends: tuple[int, int]) -> Iterable[list[Change]]:
    if len(before) + len(after) <= _MAX_LINES:
        return SequenceMatcher(None, before, after).get_grouped_opcodes(context)
    head, tail = ends
    old, new = len(before), len(after)
    return [
        [
            ("equal", 0, head, 0, head),
            ("replace", head, old - tail, head, new - tail),
            ("equal", old - tail, old, new - tail, new),
        ]
    ]


def _hunk(group: list[Change], before: list[str], after: list[str], *, offset: int) -> Hunk:
    (_, old_start, _, new_start, _), (_, _, old_end, _, new_end) = group[0], group[-1]
    lines: list[Line] = []
    for kind, a, b, c, d in group:
        if kind == "equal":
            lines += [Line("same", text) for text in before[a:b]]
        else:
            lines += _changed(before[a:b], after[c:d])
    old_lines, new_lines = old_end - old_start, new_end - new_start
    # Where a side has no lines, its start is the line before, as in a unified diff.
    old_first, new_first = old_start + offset + (old_lines > 0), new_start + offset + (new_lines > 0)
    return Hunk(old_first, old_lines, new_first, new_lines, tuple(lines))


def _changed(removed: list[str], added: list[str]) -> list[Line]:
    pairs = zip(removed[:_MAX_EDITED_LINES], added, strict=False)
    spans = [_edited(old, new) for old, new in pairs]
    old_lines = zip_longest(removed, (old for old, _ in spans), fillvalue=())
    new_lines = zip_longest(added, (new for _, new in spans), fillvalue=())
    return [Line("removed", str(text), span) for text, span in old_lines] + [
        Line("added", str(text), span) for text, span in new_lines
    ]


def _edited(old: str, new: str) -> tuple[Spans, Spans]:
    """Where two lines differ, or nothing when they are too long or too different to be one line edited."""
    words, other = compiled(_WORD).findall(old), compiled(_WORD).findall(new)
    if len(words) + len(other) > _MAX_WORDS:
        return (), ()
    matcher = SequenceMatcher(None, words, other, autojunk=False)
    if matcher.ratio() < _EDITED:
        return (), ()
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    return (
        _spans(words, [(a, b) for _, a, b, _, _ in changes]),
        _spans(other, [(c, d) for _, _, _, c, d in changes]),
    )


def _spans(words: list[str], ranges: list[tuple[int, int]]) -> Spans:
    """Ranges of words as ranges of characters."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word))
    return tuple((ends[start], ends[end]) for start, end in ranges if start != end)
