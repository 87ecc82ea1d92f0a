"""A manuscript: what a person writes. The same value in the row, in a version, in a request and in a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

import orjson

from pressroom.features.posts.states import Visibility

CONTENT = 1_000_000
TAGS = 50
FRONT_BYTES = 65_536

# The front matter that is kept in the `metadata` column, under the names it has in files and in flat bodies.
FRONT_NAMES: dict[str, str] = {
    "author": "author",
    "source_link": "sourceLink",
    "license_name": "licenseName",
    "license_url": "licenseUrl",
}
FLAT_NAMES: dict[str, str] = {
    **FRONT_NAMES,
    "first_category": "first_level_category",
    "second_category": "second_level_category",
}

# XML, and so every feed, has no place for these; PostgreSQL has none for NUL.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A manuscript's words and front matter. `frontmatter` holds the keys that Pressroom has no name for."""

    title: str
    content: str = ""
    slug: str | None = None
    visibility: Visibility = Visibility.public
    description: str = ""
    published: datetime | None = None
    tags: tuple[str, ...] = ()
    first_category: str | None = None
    second_category: str | None = None
    author: str | None = None
    cover: str | None = None
    source_link: str | None = None
    license_name: str | None = None
    license_url: str | None = None
    frontmatter: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, changes: Mapping[str, Any]) -> "Words":
        """These words with some fields exchanged."""
        return replace(self, **changes)

    @property
    def remainder(self) -> dict[str, Any]:
        """The front matter that has no column of its own."""
        named = {key: getattr(self, name) for name, key in FRONT_NAMES.items()}
        return {**self.frontmatter, **{key: value for key, value in named.items() if value is not None}}


NAMES = tuple(each.name for each in fields(Words))
RESERVED = frozenset({FLAT_NAMES.get(name, name) for name in NAMES} | {"draft", "readingMetadata"}) - {"frontmatter"}


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of `Words` under the names of flat bodies, as JSON."""
    named = {FLAT_NAMES.get(name, name): value for name, value in values.items()}
    if isinstance(moment := named.get("published"), datetime):
        named["published"] = str(as_written(moment)).replace("+00:00", "Z").replace(" ", "T")
    return named


def fields_of(words: Words) -> dict[str, Any]:
    """All fields by name."""
    return {name: getattr(words, name) for name in NAMES}


def named_front(remainder: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Words` that a remainder holds: the reverse of `Words.remainder`."""
    named = {name: remainder.get(key) for name, key in FRONT_NAMES.items()}
    own = {key: value for key, value in remainder.items() if key not in FRONT_NAMES.values()}
    return {**named, "frontmatter": own}


def to_json(words: Words) -> dict[str, Any]:
    """The front matter for a version's row: everything but title and content."""
    values = {name: value for name, value in fields_of(words).items() if name not in ("title", "content")}
    values["published"] = words.published.isoformat() if words.published else None
    return {**values, "tags": list(words.tags), "frontmatter": dict(words.frontmatter)}


def from_json(front: Mapping[str, Any], *, title: str, content: str) -> Words:
    """The reverse of `to_json`."""
    values = {**front, "tags": tuple(front["tags"]), "visibility": Visibility(front["visibility"])}
    values["published"] = datetime.fromisoformat(front["published"]) if front["published"] else None
    return Words(title=title, content=content, **values)


def check_characters(text: str) -> str:
    """The text unchanged, or `ValueError` saying which character no feed and no database can hold."""
    if _may_hold_controls(text) and (found := _NOT_TEXT.search(text)):
        where = f"Character {found.start() + 1} is a control character (U+{ord(found[0]):04X})"
        raise ValueError(f"{where}; remove it.")
    return text


def _may_hold_controls(text: str) -> bool:
    """The answer for most texts in a tenth of the time."""
    encoded = text.encode(errors="surrogatepass")
    return len(encoded.translate(None, _CONTROLS)) < len(encoded) or "\ufffe" in text or "\uffff" in text


def one_line(text: str) -> str:
    """The text on one line, single-spaced, or `ValueError`."""
    return " ".join(check_characters(text).split())


def check_address(text: str) -> str:
    """An `http`, `https` or `mailto` address, or a path; otherwise `ValueError`."""
    text = check_characters(text).strip()
    scheme = _SCHEME.match(text)
    if re.search(r"\s", text) or (scheme and scheme[1].lower() not in ("http", "https", "mailto")) or _is_broken(text):
        raise ValueError("This is not an address; write https://… or a path.")
    return text


def _is_broken(address: str) -> bool:
    """`https://[x` begins a host that is a number and never ends it."""
    try:
        urlsplit(address)
    except ValueError:
        return True
    return False


def check_front(front: dict[str, Any]) -> dict[str, Any]:
    """Front matter of one's own, or `ValueError`: names of ours, control characters, more than 64 KB."""
    if taken := sorted(RESERVED & front.keys()):
        raise ValueError(f"{', '.join(taken)} stands beside `frontmatter`, not inside it.")
    try:
        size = len(orjson.dumps(front))
    except orjson.JSONEncodeError as error:
        raise ValueError(f"This cannot be kept as JSON: {error}.") from error
    if size > FRONT_BYTES:
        raise ValueError(f"Front matter of one's own may have {FRONT_BYTES} bytes.")
    _check_deep(front)
    return front


def _check_deep(value: Any) -> None:
    if isinstance(value, str):
        check_characters(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            check_characters(key)
            _check_deep(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_deep(inner)


def is_earthly(value: date) -> bool:
    """Whether a day is far enough from the ends of the calendar to survive a change of zone."""
    return 1 < value.year < 9999  # noqa: PLR2004  # where Python's calendar ends


def as_moment(value: date | datetime | None) -> datetime | None:
    """A date as the moment it begins in UTC; a time without a zone counts as UTC.

    Raises:
        OverflowError: it is so near an end of the calendar that it has no moment in UTC.
    """
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_written(value: datetime | None) -> date | datetime | None:
    """The reverse of `as_moment`: midnight in UTC is a date."""
    moment = as_moment(value)
    return moment.date() if moment and moment.time() == time() else value
