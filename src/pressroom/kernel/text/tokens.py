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
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pressroom.kernel.text.characters import MARKS, UNSPACED

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
_PIECE = re.compile(rf"([{UNSPACED}]+)|[^\W_{UNSPACED}]+(?:[{MARKS}]+[^\W_{UNSPACED}]*)*(?:\+\+|#(?!\w))?")
_ASCII_PIECE = re.compile(r"()[a-z0-9]+(?:\+\+|#(?!\w))?")

# Accents go from Latin and Greek letters and from `ё`; the breve of `й` and the dots of `が` make other letters.
_ACCENTS = re.compile(r"(?<=[a-zα-ωе])[\u0300-\u036f]+|[\u0591-\u05bd\u0640\u064b-\u0652]+")
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ς": "σ"})
_CLUSTER = re.compile(rf".[{MARKS}\u3099\u309a\uff9e\uff9f]*", re.DOTALL)


class Piece(NamedTuple):
    """A word, or a run of a script without spaces, in a folded text."""

    text: str
    unspaced: bool
    start: int

    @property
    def tokens(self) -> list[str]:
        """The piece's tokens in order; of a run, its pairs and its last character."""
        if not self.unspaced:
            return [self.text]
        return [first + second for first, second in pairwise(self.text)] + [self.text[-1]]


class Located(NamedTuple):
    """A token and where it stands in the text it came from (`text[start:end]`)."""

    token: str
    start: int
    end: int


def fold(text: str) -> str:
    """The form in which texts are compared: `Café`, `CAFÉ` and `ｃａｆｅ` are all `cafe`."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    decomposed = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)).translate(_PLAIN_LETTERS)


def pieces(folded: str) -> Iterator[Piece]:
    """The words and runs of a text that `fold` has folded."""
    pattern = _ASCII_PIECE if folded.isascii() else _PIECE
    for found in pattern.finditer(folded):
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


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def locate(text: str, *, offset: int = 0) -> list[Located]:
    """The tokens of a text with their places in it, as it was before folding, counted from `offset` on."""
    folded, origins = _folded_with_origins(text)
    located = []
    for piece in pieces(folded):
        step = 1 if piece.unspaced else len(piece.text)
        for index, token in enumerate(piece.tokens):
            start = piece.start + index * step
            located.append(Located(token, offset + origins[start], offset + origins[start + len(token)]))
    return located


def _counted(token: str, seen: Counter[str]) -> str:
    seen[token] += 1
    return encode(token) if seen[token] <= _REPEATS else BREAK


def _folded_with_origins(text: str) -> tuple[str, range | list[int]]:
    """The folded text and, for each of its characters and its end, the place in `text` that it came from."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    folded_whole, plainly = fold(text), text.translate(_HALF_WIDTH).lower()
    if folded_whole == plainly and len(plainly) == len(text):  # character by character, as nearly always
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
