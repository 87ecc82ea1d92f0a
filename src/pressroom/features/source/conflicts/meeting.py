"""What comes of a row that is ahead of its file, and a file that changed: one text, or a conflict. Pure."""

from dataclasses import dataclass

from pressroom.features.posts.importing.reading import Read, Refused, read_data
from pressroom.features.posts.typeset import House
from pressroom.features.source.checking import Check
from pressroom.features.source.conflicts.markers import without_markers
from pressroom.features.source.faithful import read
from pressroom.features.source.fields import words_in
from pressroom.features.source.merging import Clash, Conflict, merge


@dataclass(frozen=True, slots=True)
class Sides:
    """Three whole files: what both came from, what was saved here, what stands on disk."""

    base: bytes
    ours: bytes
    theirs: bytes


@dataclass(frozen=True, slots=True)
class Meeting:
    """What both sides come to.

    Attributes:
        sides: the files.
        theirs: the words on disk.
        slug: the address that they stand for, where that is not the row's.
        merged: the words of `content`, which has the changes of both; `None` where ours adds nothing to theirs.
        content: what the file is to hold.
        conflict: why there is no such text; `content` is theirs then.
        is_held: the site's build would refuse `content`, a draft, so that it stays in the row.
    """

    sides: Sides
    theirs: Read
    slug: str | None
    merged: Read | None
    content: bytes
    conflict: Conflict | None = None
    is_held: bool = False


def meet(path: str, sides: Sides, house: House, check: Check | None = None) -> Meeting | Refused:
    """Brings both sides together; the reason when the file cannot be read.

    Raises:
        Unreadable: what was saved here cannot be read.
    """
    theirs = without_markers(sides.theirs, read_data(path, sides.theirs, house))
    if not isinstance(theirs, Read):
        return Refused(path, theirs.reason if isinstance(theirs, Refused) else "")
    found = merge(read(sides.base), read(sides.ours), read(sides.theirs))
    slug = _slug(path, sides, theirs)
    if isinstance(found, Conflict):
        return Meeting(sides, theirs, slug, None, sides.theirs, found)
    if found == sides.theirs:
        return Meeting(sides, theirs, slug, None, found)
    merged = read_data(path, found, house)
    if isinstance(merged, Read):
        refused = check is not None and check.refuses(found, path, instead_of=sides.theirs)
        if not refused or merged.prepared.draft:
            return Meeting(sides, theirs, slug, merged, found, is_held=refused)
    return Meeting(sides, theirs, slug, None, sides.theirs, _unfit(sides))


def _slug(path: str, sides: Sides, theirs: Read) -> str | None:
    """A new address that was saved here is not the file's, unless it says so itself."""
    base, ours = (words_in(read(side), path).slug for side in (sides.base, sides.ours))
    return theirs.prepared.words.slug or (None if ours == base else base or theirs.prepared.slug)


def _unfit(sides: Sides) -> Conflict:
    """Both texts are posts and what they merge into is none: too long together, half a pair of categories, refused."""
    fronts = (read(side).front_matter for side in (sides.base, sides.ours, sides.theirs))
    return Conflict(sides.ours, sides.theirs, (Clash("layout", "", *fronts),))
