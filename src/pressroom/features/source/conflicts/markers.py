"""Git's conflict markers: finding what git left, and writing the same for a person with an editor. Pure."""

import re

from pressroom.features.posts.importing.reading import File, Refused, Same
from pressroom.features.source.faithful.bodies import newline_of, unified
from pressroom.features.source.merging import regions

REASON = "it holds git's conflict markers; resolve them"
OURS = "<<<<<<< saved here"
BETWEEN = "======="
THEIRS = ">>>>>>> on disk"

_MARKS = (re.compile(r"<{7}(?: |$)"), re.compile(r"={7}\r?$"), re.compile(r">{7}(?: |$)"))
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def has_markers(text: str) -> bool:
    """Whether all three markers stand at starts of lines, in their order, the first of them outside code fences."""
    found, fence = 0, ""
    for line in text.split("\n") if "<<<<<<<" in text else ():
        if not found:
            fence = _fence_after(line, fence)
        if not fence and _MARKS[found].match(line):
            found += 1
            if found == len(_MARKS):
                return True
    return False


def without_markers(data: bytes, found: File) -> File:
    """What was found in a file, unless git left its markers there: then why it waits."""
    if isinstance(found, Same) or b"<<<<<<<" not in data or not has_markers(data.decode(errors="replace")):
        return found
    return Refused(found.path, REASON)


def is_undecided(text: str) -> bool:
    """Whether a line that `marked` wrote is still there, wherever it stands."""
    return not {OURS, THEIRS}.isdisjoint(line.rstrip() for line in text.split("\n"))


def marked(base: bytes, ours: bytes, theirs: bytes) -> str:
    """Both sides' changes in one text, with markers around those that clash; lines end as they do on disk."""
    sides = [unified(side.decode()).removeprefix("\ufeff") for side in (base, ours, theirs)]
    pieces = [
        f"{OURS}\n{_whole(each.ours)}{BETWEEN}\n{_whole(each.theirs)}{THEIRS}\n" if each.clashes else each.merged
        for each in regions(*sides)
    ]
    there = theirs.decode()
    mark = "\ufeff" if there.startswith("\ufeff") else ""
    return mark + "".join(pieces).replace("\n", newline_of(there))


def _whole(lines: str) -> str:
    return lines if not lines or lines.endswith("\n") else f"{lines}\n"


def _fence_after(line: str, fence: str) -> str:
    """The fence that code stands in after this line, empty outside."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    closes = found[1].startswith(fence) and not found[2].strip()
    return "" if closes else fence
