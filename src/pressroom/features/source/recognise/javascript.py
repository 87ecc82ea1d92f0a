"""Strings, constants and brackets in the text of a JavaScript file. Nothing is executed."""

import re
from collections.abc import Mapping

STRING = r"""(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""

_CONSTANT = re.compile(rf"\b(?:const|let|var)\s+(\w+)\s*(?::\s*\w+\s*)?=\s*({STRING})")
_TOKEN = re.compile(rf"{STRING}|[()\[\]{{}}]")
_HOLE = re.compile(r"\$\{\s*(\w+)\s*\}")
_OPENING = "([{"


def constants(script: str) -> dict[str, str]:
    """The names that hold a plain string, with earlier ones filled into later ones."""
    known: dict[str, str] = {}
    for found in _CONSTANT.finditer(script):
        value = text_of(found[2], known)
        if value is not None:
            known[found[1]] = value
    return known


def property_text(script: str, name: str, known: Mapping[str, str]) -> str | None:
    """What `name: "…"` says, or `name: CONSTANT`; None when it says neither."""
    found = re.search(rf"(?<![\w.$])['\"]?{name}['\"]?\s*:\s*({STRING}|\w+)", script)
    return text_of(found[1], known) if found else None


def text_of(expression: str, known: Mapping[str, str]) -> str | None:
    """The value of a literal or a known constant; None for what only running it could tell."""
    if expression[0] not in "\"'`":
        return known.get(expression)
    inner = expression[1:-1]
    if expression[0] != "`":
        return inner
    filled = _HOLE.sub(lambda hole: known.get(hole[1], hole[0]), inner)
    return None if "${" in filled else filled


def block(script: str, start: int) -> str:
    """The text from the bracket at `start` to the one that closes it."""
    depth = 0
    for token in _TOKEN.finditer(script, start):
        if token[0][0] in "\"'`":
            continue
        depth += 1 if token[0] in _OPENING else -1
        if depth == 0:
            return script[start : token.end()]
    return script[start:]
