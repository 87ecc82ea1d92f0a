"""The body of a source file with its line breaks as they are in the file."""

import re
from difflib import SequenceMatcher

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_BREAK = re.compile(r"\r+\n")


def unified(text: str) -> str:
    """The text with bare line feeds."""
    return _BREAK.sub("\n", text)


def newline_of(text: str, *, default: str = "\n") -> str:
    """How most lines of a text end."""
    lines, windows = text.count("\n"), text.count("\r\n")
    return default if not lines else "\r\n" if windows * 2 > lines else "\n"


def rewritten(old: str, new: str, *, default: str) -> str:
    """`new`, which has bare line feeds, with the line breaks of `old`; where those are mixed, each kept line's own."""
    newline = newline_of(old, default=default)
    if old.count("\r\n") in {0, old.count("\n")}:
        return new.replace("\n", newline)
    written, wanted = _LINES.findall(old), _LINES.findall(new)
    pieces: list[str] = []
    matcher = SequenceMatcher(None, [unified(line) for line in written], wanted)
    for kind, a, b, c, d in matcher.get_opcodes():
        pieces += written[a:b] if kind == "equal" else [line.replace("\n", newline) for line in wanted[c:d]]
    return "".join(pieces)
