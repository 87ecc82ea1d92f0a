"""Where a manuscript lives, and what keeps it from there."""

from pathlib import Path

from pydantic import ValidationError

from pressroom.features.posts.manuscripts import Missing, Whereabouts
from pressroom.features.source.checking import Check, plan
from pressroom.features.source.disk import UnsafePath, read_inside
from pressroom.features.source.faithful import CannotEdit, Unreadable, read
from pressroom.features.source.fields import Wanted
from pressroom.features.source.models import SourceFile
from pressroom.kernel.errors import AppError

_DATE = "/published"


def whereabouts(root: Path, check: Check | None, wanted: Wanted, file: SourceFile | None) -> Whereabouts:
    """Says it of a post whose file is known, or that waits in its row to get one."""
    if file is None or (file.gone and file.held):
        return _waiting(check, wanted)
    if file.gone:
        return Whereabouts(None)
    return Whereabouts(file.path, file.held, _problems(root, check, wanted, file))


def _waiting(check: Check | None, wanted: Wanted) -> Whereabouts:
    problems = plan(b"", f"{wanted.slug}.md", wanted, check).problems
    if wanted.words.published is None and all(each.field != _DATE for each in problems):
        problems = (Missing(_DATE, "Without a date it gets no file."), *problems)
    return Whereabouts(None, held=True, problems=problems)


def _problems(root: Path, check: Check | None, wanted: Wanted, file: SourceFile) -> tuple[Missing, ...]:
    """Of the words that are held, what keeps them; of any others, what is wrong with the file as it is."""
    if check is None or file.error:
        return (Missing("", file.error),) if file.error else ()
    try:
        data = read_inside(root, file.path)
        if file.held:
            return plan(data, file.path, wanted, check).problems
        return check.problems(read(data).values, file.path)
    except (Unreadable, CannotEdit, UnsafePath, ValidationError, OSError) as error:
        return (Missing("", _why(error)),)


def _why(error: Exception) -> str:
    match error:
        case AppError():
            return error.detail
        case OSError():
            return f"The file cannot be read: {error.strerror}."
        case _:
            return "The file on disk is not a post any more."
