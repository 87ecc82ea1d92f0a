"""Front matter: where it ends, what it says, and how to write it.

The fences follow Astro's rule and the YAML follows js-yaml 4 (YAML 1.2's core schema, and dates), so that a file
means here what it means to the site's own build: `no` is a word, `0755` is 755, `2024-1-2` is a string.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from math import isfinite
from typing import Literal

from pressroom.kernel.text.characters import check_text
from pressroom.kernel.text.errors import FrontMatterError
from pressroom.kernel.text.yaml12 import LARGEST_INTEGER, MAX_DEPTH, YamlError, load
from pressroom.kernel.text.yaml_writer import dump

MAX_BYTES = 100_000

_FENCED = {
    "---": re.compile(r"\ufeff?(?:\s*\n)?---(?P<front>.*?\n)---(?:[ \t]*(?:\r?\n|$))?", re.DOTALL),
    "+++": re.compile(r"\ufeff?(?:\s*\n)?\+\+\+(?P<front>.*?\n)\+\+\+(?:[ \t]*(?:\r?\n|$))?", re.DOTALL),
}
_OPENING = re.compile(r"\ufeff?(?:\s*\n)?(---|\+\+\+)")
_FIRST_KEY = re.compile(r"\ufeff?(?:\s*\n)?(?:---|\+\+\+)[ \t]*\r?\n\s*[\w\"'-]+[ \t]*[:=]")
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


@dataclass(frozen=True, slots=True)
class Document:
    """A source file in its parts.

    Attributes:
        front: the front matter: strings, numbers, booleans, None, dates, aware datetimes, lists and dicts of these.
        body: what follows the closing fence, byte for byte.
        format: what the front matter was written in; None when the file has none.
    """

    front: dict[str, object]
    body: str
    format: Literal["yaml", "toml"] | None


def split(source: str) -> Document:
    """Part a source file into front matter and body.

    Raises:
        FrontMatterError: the fence is never closed, or what it holds cannot be read; line and column say where.
        NotText: the file holds a lone surrogate.
    """
    opening = _OPENING.match(check_text(source))
    if not opening:
        return Document({}, source.removeprefix("\ufeff"), None)
    found = _FENCED[opening[1]].match(source)
    if not found:
        return _unclosed(source, opening)
    front = found["front"]
    line = source.count("\n", 0, found.start("front"))
    if len(front.encode()) > MAX_BYTES:
        raise FrontMatterError(f"The front matter is longer than {MAX_BYTES // 1000} KB.", line + 1, 1)
    is_yaml = opening[1] == "---"
    values = _read_yaml(front, line) if is_yaml else _read_toml(front, line)
    return Document(values, source[found.end() :], "yaml" if is_yaml else "toml")


def join(front: Mapping[str, object], body: str) -> str:
    """Write a source file with YAML front matter: keys in the given order, dates and words bare where YAML allows.

    `split` reads back the same values and the same body. Without any keys the body stands alone.
    """
    # A body that looks like front matter itself needs a fence before it to stay a body.
    if not front and not _OPENING.match(body):
        return body
    return f"---\n{dump(front) if front else ''}---\n{body}"


def _unclosed(source: str, opening: re.Match[str]) -> Document:
    """A dash line that opens nothing is a line across the page; one above a `key:` was meant as a fence."""
    if _FIRST_KEY.match(source):
        line = source.count("\n", 0, opening.start(1)) + 1
        raise FrontMatterError(f"The front matter is never closed: add a line with {opening[1]}.", line, 1)
    return Document({}, source.removeprefix("\ufeff"), None)


def _read_yaml(front: str, line: int) -> dict[str, object]:
    try:
        values = load(front)
    except YamlError as error:
        raise FrontMatterError(error.message, line + error.line, error.column) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise FrontMatterError("Front matter is made of lines like “title: Hello”.", line + 2, 1)
    return values


def _read_toml(front: str, line: int) -> dict[str, object]:
    try:
        return {key: _from_toml(value, 1) for key, value in tomllib.loads(front.replace("\r\n", "\n")).items()}
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        last = line + front.count("\n")
        row, column = (line + int(place[1]), int(place[2])) if place and place[1] else (last, 1)
        raise FrontMatterError(f"{_TOML_PLACE.sub('', str(error))}.", row, column) from error
    except (RecursionError, OverflowError, ValueError) as error:
        raise FrontMatterError(f"This TOML has a value that cannot be kept: {error}", line + 1, 1) from error


def _from_toml(value: object, depth: int) -> object:
    """The same kinds of values as YAML gives. A time of day is its text; a time without a zone is UTC."""
    if depth > MAX_DEPTH:
        raise ValueError(f"it is nested more than {MAX_DEPTH} deep.")
    match value:
        case dict():
            return {key: _from_toml(item, depth + 1) for key, item in value.items()}
        case list():
            return [_from_toml(item, depth + 1) for item in value]
        case datetime() if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        case time():
            return value.isoformat()
        case float() if not isfinite(value):
            raise ValueError(f"{value} is not a number.")
        case int() if abs(value) > LARGEST_INTEGER:
            return float(value)
        case str() if "\0" in value:
            raise ValueError("NUL is not text.")
        case _:
            return value
