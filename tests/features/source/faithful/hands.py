"""Front matter as different hands write it: values, and a text that says them, piece by piece."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from hypothesis import strategies as st

from pressroom.kernel.text.yaml_writer import dump

KEYS = ["title", "published", "tags", "draft", "readingMetadata", "x-1", "作者", "a.b", "no", "2024", ""]
_TRICKY = [
    "", " ", "no", "YES", "null", "~", "0755", "1e3", "0o17", "1_000", "12:30:45", "2024-01-02", "2024-1-2", ".5", "=",
    "<<", "- a", "? a", "a: b", "a #b", "#a", "'", '"', "it's", "\\n", "@a", "`", "%a", "&a", "*a", "!a", "|", ">",
    "[a", "{a", "a,b", "---", "...", "+++", "新：标题", "🦊", "a\tb", "tail ", "a\nb", "a\nb\n", "\n a", "a\n\n",
    "a\n  b\nc", "\x07", "\u2028", "\x85", "\ufeff", "a\r\nb", "true", "True", ".inf", "0x1F", "https://a.b/c?d=e&f",
    "-", "--- a", "a:", "\xa0",
]  # fmt: skip
_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.one_of(
    st.sampled_from(_TRICKY), st.text("ab:# '\"-[]{},\n新🦊\\", max_size=12), st.text(_LETTERS, max_size=8)
)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
DAYS = st.dates(date(1000, 1, 2), date(9999, 12, 30))
MOMENTS = st.datetimes(datetime(1000, 1, 3), datetime(9999, 12, 29), timezones=_ZONES).map(  # noqa: DTZ001 - a bound
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(TEXTS, DAYS, MOMENTS, NUMBERS, st.booleans())
LISTS = st.lists(SCALARS, max_size=4)
MAPS = st.dictionaries(st.sampled_from(["time", "wordCount", "a b", "no", "1"]), st.one_of(SCALARS, LISTS), max_size=3)
VALUES = st.one_of(SCALARS, LISTS, MAPS, st.lists(MAPS, max_size=2))


class Piece(NamedTuple):
    """One key as it is written: what stands before its value, the value, what stands after it on the line."""

    key: str
    value: object
    before: str
    written: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.written + self.after


class Hand(NamedTuple):
    """A whole file."""

    bom: str
    newline: str
    pieces: tuple[Piece, ...]
    body: str

    @property
    def raw(self) -> bytes:
        return (self.head + "".join(self.lined(piece.text) for piece in self.pieces) + self.tail).encode()

    @property
    def head(self) -> str:
        return f"{self.bom}---{self.newline}"

    @property
    def tail(self) -> str:
        return self.lined(f"---\n{self.body}")

    def lined(self, text: str) -> str:
        return text.replace("\n", self.newline)


@st.composite
def hands(draw: st.DrawFn) -> Hand:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=5))
    pieces = tuple(draw(_piece(key)) for key in keys)
    bom, newline = draw(st.sampled_from(["", "\ufeff"])), draw(st.sampled_from(["\n", "\r\n"]))
    return Hand(bom, newline, pieces, draw(st.sampled_from(["", "Body\n", "\n# A\n\n---\nb: c\n---\n", "正文"])))


@st.composite
def _piece(draw: st.DrawFn, key: str) -> Piece:
    value = draw(VALUES)
    above = draw(st.sampled_from(["", "", "# about: it\n", "\n"]))
    name = dump({key: 0}).removesuffix(": 0\n") if key else '""'
    lines = dump({key or "k": value}).removeprefix(f"{name if key else 'k'}:").removesuffix("...\n")
    if "+\n" in lines:
        # Blank lines after this block would belong to it, and another piece may begin with one.
        value, lines = "kept", " kept\n"
    is_block = lines.startswith(("\n", " |", " >"))
    comment = draw(st.sampled_from(["", "", " # note: 'x'", "   "])) + "\n"
    if isinstance(value, str) and draw(st.booleans()):
        return Piece(key, value, f"{above}{name}:  ", _quoted(draw, value), comment)
    if isinstance(value, list | dict) and draw(st.booleans()) and _is_plain(value):
        return Piece(key, value, f"{above}{name}: ", json.dumps(value, ensure_ascii=False), comment)
    if is_block:
        return Piece(key, value, f"{above}{name}:", lines.removesuffix("\n"), "\n")
    return Piece(key, value, f"{above}{name}: ", lines[1:-1], comment)


def _is_plain(value: object) -> bool:
    """Whether JSON says it as YAML does."""
    try:
        return json.loads(json.dumps(value)) == value and json.dumps(value).isascii() and "\\u" not in json.dumps(value)
    except TypeError:
        return False


def _quoted(draw: st.DrawFn, text: str) -> str:
    if text.isprintable() and draw(st.booleans()):
        return "'" + text.replace("'", "''") + "'"
    return (
        '"' + "".join(json.dumps(each)[1:-1] if each < "\U00010000" else f"\\U{ord(each):08x}" for each in text) + '"'
    )
