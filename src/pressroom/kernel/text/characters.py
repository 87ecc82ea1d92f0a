"""Which characters are what: the one place that knows scripts by their code points."""

import re
from functools import cache

from pressroom.kernel.text.errors import NotText

# Bodies of regular-expression classes, to be put between brackets.
HAN = r"\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = r"\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HANGUL = r"\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"
BOPOMOFO = r"\u3105-\u312f\u31a0-\u31bf"
CJK = HAN + KANA + HANGUL + BOPOMOFO

# Thai, Lao, Burmese and Khmer put no spaces between words either.
UNSPACED = CJK + r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u108f\u1780-\u17d3"

# Marks that belong to the letter before them although Python does not count them as word characters.
MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    r"\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    r"\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0ddf"
)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with one of these classes, which take milliseconds to compile: when it is first used."""
    return re.compile(pattern)


_SURROGATE = re.compile("[\ud800-\udfff]")


def check_text(text: str) -> str:
    """Return `text` unchanged, or raise `NotText` when it holds a lone surrogate."""
    if not text.isascii() and (found := _SURROGATE.search(text)):
        raise NotText(
            f"Character {found.start() + 1} is half of a character (U+{ord(found[0]):04X}). "
            "Remove it or paste the text again.",
        )
    return text
