"""Reading the configuration of others: as data where it is data, as text where it is a program."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pressroom.kernel.text.yaml12 import YamlError, load

MAX_BYTES = 500_000


def read_text(path: Path) -> str:
    """The text of a configuration file; empty when there is none. What is no UTF-8 is replaced."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(MAX_BYTES).decode(errors="replace")


def read_mapping(path: Path, notes: list[str]) -> dict[str, object]:
    """The top of a TOML, YAML or JSON file; empty when there is none, and with a note when it cannot be read."""
    text = read_text(path)
    try:
        values: object = _PARSERS[path.suffix](text) if text.strip() else {}
    except (tomllib.TOMLDecodeError, YamlError, json.JSONDecodeError, RecursionError) as error:
        notes.append(f"{path.name} cannot be read ({error}); the defaults were taken.")
        return {}
    return values if isinstance(values, dict) else {}


def first_file(root: Path, names: Iterable[str]) -> Path | None:
    return next((root / name for name in names if (root / name).is_file()), None)


_PARSERS: Mapping[str, Callable[[str], object]] = {
    ".toml": tomllib.loads,
    ".yaml": load,
    ".yml": load,
    ".json": json.loads,
}

# A string, or a comment. Strings come first: the glob "**/*.md" opens no comment.
_STRING_OR_COMMENT = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|//[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL
)


def without_comments(script: str) -> str:
    """The text of a JavaScript or TypeScript file, its comments blank; strings stay as they are."""
    return _STRING_OR_COMMENT.sub(lambda found: found["string"] or " ", script)
