r"""The one tokeniser of search: what a word is, on every database alike.

Words are folded (compatibility forms, case, diacritics). Scripts without spaces give their overlapping pairs of
characters and, last, the final character alone, so that a search for one character is a search for a prefix:
`世界杯` gives `世界`, `界杯`, `杯`. Databases see each token as `x` and the hexadecimal of its UTF-8, which no
parser splits, no stop list drops and no collation folds.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import NamedTuple

from pressroom.kernel.text.characters import MARKS, UNSPACED, compiled

# MariaDB drops words longer than 84 characters: 1 + 2 * 41 fits.
MAX_TOKEN_BYTES = 41
# A token that no search ever asks for: between two fields it keeps a phrase from matching across them.
BREAK = "x"

# What PostgreSQL keeps of one text: positions up to 16,383, 256 of them for one word, a megabyte in all (and
# what it stores is never more than twice the text). Title and summary need some of the positions too.
_PHRASE_TOKENS = 15_000
_REPEATS = 250
_INDEX_CHARACTERS = 480_000

# `c++`, `c#` and `f#` are words of their own.
_PIECE = rf"([{UNSPACED}]+)|[^\W_{UNSPACED}]+(?:[{MARKS}]+[^\W_{UNSPACED}]*)*(?:\+\+|#(?!\w))?"
_ASCII_PIECE = re.compile(r"()[a-z0-9]+(?:\+\+|#(?!\w))?")

# Accents go from Latin and Greek letters and from `ё`; the breve of `й` and the dots of `が` make other letters.
_ACCENTS = re.compile(r"(?<=[a-zα-ωе])[\u0300-\u036f]+|[\u0591-\u05bd\u0640\u064b-\u0652]+")
# Looked for by a pattern, which passes over a text ten times as fast as `str.translate` does.
_PLAIN_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ς": "σ"}
_ODD_LETTER = re.compile(f"[{''.join(_PLAIN_LETTERS)}]")
_FULL_WIDTH = re.compile("[\u3000\uff01-\uff5e]+")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# What folding only makes half as wide, and lower: ASCII, the common Han characters, and their punctuation.
_PLAIN = r"[\x00-\x7f\u2018\u2019\u201c\u201d\u2014\u3001-\u3003\u3008-\u3011\u4e00-\u9fff]*"
_CLUSTER = re.compile(rf".[{MARKS}\u3099\u309a\uff9e\uff9f]*", re.DOTALL)


class Piece(NamedTuple):
    """A word, or a run of a script without spaces, in a folded text."""

    text: str
    unspaced: bool
    start: int

    @property
    def tokens(self) -> list[str]:
        """The piece's tokens in order; of a run, its pairs and its last character."""
        return _tokens_of_run(self.text) if self.unspaced else [self.text]


@dataclass(frozen=True, slots=True)
class Located:
    """The tokens of a text in order; where each stands in the text is told when it is asked."""

    tokens: list[str]
    _starts: list[int]
    _origins: range | list[int]

    def span(self, index: int) -> tuple[int, int]:
        """Where a token stands in the text that was given: `text[start:end]`."""
        start = self._starts[index]
        return self._origins[start], self._origins[start + len(self.tokens[index])]


def fold(text: str) -> str:
    """The form in which texts are compared: `Café`, `CAFÉ` and `ｃａｆｅ` are all `cafe`."""
    if text.isascii():
        return text.lower()
    if compiled(_PLAIN).fullmatch(plain := _plainly(text)):
        return plain
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    decomposed = unicodedata.normalize("NFD", folded)
    composed = unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))
    return _ODD_LETTER.sub(lambda odd: _PLAIN_LETTERS[odd[0]], composed)


def pieces(folded: str) -> Iterator[Piece]:
    """The words and runs of a text that `fold` has folded."""
    for found in _finds(folded):
        yield Piece(found[0], bool(found[1]), found.start())


def tokenise(text: str) -> list[str]:
    """The plain tokens of a text, in order."""
    return [token for piece in pieces(fold(text)) for token in piece.tokens]


def encode(token: str) -> str:
    """A token as databases see it: `x` and the hexadecimal of (at most 41 bytes of) its UTF-8."""
    return "x" + token.encode()[:MAX_TOKEN_BYTES].hex()


def index_text(text: str) -> str:
    """The encoded tokens of a text, joined by spaces, for a full-text index.

    Databases differ in how much of a long text they keep, so that is settled here and the hits are the same on
    each: phrases are found in the first 15,000 tokens (each token 250 times), single tokens in all of the text up
    to 480,000 characters of index.
    """
    tokens = tokenise(text)
    seen: Counter[str] = Counter()
    encoded = [_counted(token, seen) for token in tokens[:_PHRASE_TOKENS]]
    for token in dict.fromkeys(tokens[_PHRASE_TOKENS:]):
        if token not in seen:
            encoded += (BREAK, encode(token))
    index = " ".join(encoded)
    return index if len(index) <= _INDEX_CHARACTERS else index[:_INDEX_CHARACTERS].rpartition(" ")[0]


def locate(text: str) -> Located:
    """The tokens of a text with their places in it, as it was before folding."""
    folded, origins = _folded_with_origins(text)
    tokens: list[str] = []
    starts: list[int] = []
    for found in _finds(folded):  # and not `pieces`: a third of the time would go into making them
        if found[1]:
            tokens += _tokens_of_run(found[1])
            starts += range(found.start(), found.end())
        else:
            tokens.append(found[0])
            starts.append(found.start())
    return Located(tokens, starts, origins)


def _finds(folded: str) -> Iterator[re.Match[str]]:
    return (_ASCII_PIECE if folded.isascii() else compiled(_PIECE)).finditer(folded)


def _tokens_of_run(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]]


def _plainly(text: str) -> str:
    return _FULL_WIDTH.sub(lambda full: full[0].translate(_HALF_WIDTH), text).lower()


def _counted(token: str, seen: Counter[str]) -> str:
    seen[token] += 1
    return encode(token) if seen[token] <= _REPEATS else BREAK


def _folded_with_origins(text: str) -> tuple[str, range | list[int]]:
    """The folded text and, for each of its characters and its end, the place in `text` that it came from."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    folded_whole = fold(text)
    if len(folded_whole) == len(text) and folded_whole == _plainly(text):  # character by character, as nearly always
        return folded_whole, range(len(text) + 1)
    parts: list[str] = []
    origins: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        folded = _fold_cluster(cluster[0])
        parts.append(folded)
        origins += [cluster.start()] * len(folded)
    return "".join(parts), [*origins, len(text)]


@lru_cache(maxsize=8_192)
def _fold_cluster(cluster: str) -> str:
    return fold(cluster)
