"""How a text begins."""

import re
from html import unescape

_HEADING = re.compile(r"<h([1-6])\b.*?</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


def opens_with(html: str, words: str) -> bool:
    """Whether a page begins with these words, however they are marked up: a summary made from it does."""
    wanted = _SPACE.sub("", words.removesuffix("…"))
    # Tags and entities may take several times the room of what is read.
    beginning = _HEADING.sub("", html[: 10 * len(words) + 4000])
    return bool(wanted) and _SPACE.sub("", unescape(_TAG.sub("", beginning))).startswith(wanted)
