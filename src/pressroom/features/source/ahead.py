"""Whether a row is ahead of its file: the one question that is asked before a file's words are put into a row.

It is while a save is on its way to its file, stays so when somebody changed the file in that very moment, and while
words are held because the site's build would refuse them.
"""

from pressroom.features.source.disk import digest
from pressroom.features.source.models import SourceFile


def is_ahead(file: SourceFile) -> bool:
    """Whether words that were saved here are not in the file; an open conflict holds such words, too."""
    return file.ours is not None or file.conflict_id is not None


def run_ahead(file: SourceFile, *, stood: bytes, ours: bytes) -> None:
    """The row holds what would make the file `ours`; the file holds `stood`, or something older still."""
    file.base = stood if file.ours is None else file.base
    file.ours = ours


def hold(file: SourceFile, *, stood: bytes, ours: bytes) -> None:
    """The row holds what would make the file `ours`, which the site's build would refuse; the file keeps `stood`."""
    file.base, file.ours, file.held = stood, ours, True


def agree(file: SourceFile) -> None:
    """File and row have the same words again."""
    file.base = file.ours = None
    file.held = False


def agree_if_written(file: SourceFile, found: str) -> None:
    """The same, if the file with the digest `found` is what the row would have made of it."""
    if file.ours is not None and digest(file.ours) == found:
        agree(file)
