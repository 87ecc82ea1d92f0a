"""How long a text is and how long it takes to read."""

from dataclasses import dataclass

from pressroom.kernel.text.characters import CJK, MARKS, compiled

WORDS_A_MINUTE = 220
CJK_CHARACTERS_A_MINUTE = 400

_CJK = f"[{CJK}]"
# `don't`, `well-known` and `3.14` are one word each.
_WORD = rf"[^\W_{CJK}]+(?:['’.,\-{MARKS}]+[^\W_{CJK}]+)*"


@dataclass(frozen=True, slots=True)
class Count:
    """`words` as a reader counts them; `minutes` to read them, rounded up, 0 only for a text without words."""

    words: int
    minutes: int


def count(plain: str) -> Count:
    """Count the words of a plain text: each CJK character is one, other scripts count by words."""
    characters = 0 if plain.isascii() else len(compiled(_CJK).findall(plain))
    words = len(compiled(_WORD).findall(plain))
    # In whole numbers, so that 400 characters are exactly one minute: 1 / 220 + 1 / 400 over their product.
    work = words * CJK_CHARACTERS_A_MINUTE + characters * WORDS_A_MINUTE
    return Count(words + characters, -(-work // (WORDS_A_MINUTE * CJK_CHARACTERS_A_MINUTE)))
