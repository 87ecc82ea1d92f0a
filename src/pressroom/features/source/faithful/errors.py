"""Why a source file cannot be read or edited; in each case the file is as it was."""

from pressroom.kernel.errors import AppError


class SourceFailure(AppError):
    """A source file cannot be worked with. `line` and `column` count from 1, in the whole file."""

    status = 422

    def __init__(self, message: str, *, line: int, column: int = 1) -> None:
        super().__init__(f"Line {line}: {message}", details={"line": line, "column": column, "message": message})
        self.message = message
        self.line = line
        self.column = column


class Unreadable(SourceFailure):
    """Not UTF-8, a NUL, a fence that is never closed, a duplicate key, or YAML or TOML that the site refuses too."""

    code = "source.unreadable"
    title = "This file cannot be read; it was left as it is"


class CannotEdit(SourceFailure):
    """The edit would touch an anchor, an alias, a tag or the like, or would not be read back as it is meant."""

    code = "source.cannot_edit"
    title = "This change cannot be made without harm to the file; it was left as it is"
