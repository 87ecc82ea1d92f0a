"""What can be wrong with a text."""


class TextError(ValueError):
    """A text that cannot be taken as it is; the message says why, in words for its author."""


class NotText(TextError):
    """The string holds lone surrogates: half a character, which no file and no database can store."""


class TooComplex(TextError):
    """The text is nested or repeated in a way that no person writes, and would cost too much to read."""


class QueryTooLong(TextError):
    """A search for more words than one search may have."""


class FrontMatterError(TextError):
    """Front matter that cannot be read. `line` and `column` count from 1, in the whole file."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"Line {line}, column {column}: {message}")
        self.message = message
        self.line = line
        self.column = column
