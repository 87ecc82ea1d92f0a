"""TOML values in the manner of the file around them."""

import json
import re
from datetime import date
from math import isfinite

from pressroom.features.source.faithful.errors import CannotEdit
from pressroom.features.source.faithful.habits import Habits, moment_text

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


class TomlWriter:
    """Writes what follows an equals sign; everything new is written in one line."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits

    def entry(self, key: str, value: object, *, indent: int, flow: bool) -> str:  # noqa: ARG002 - YAML needs the place
        """`key = value`."""
        name = key if _BARE_KEY.fullmatch(key) else _basic(key)
        return f"{name}{' = ' if flow else self._habits.assign}{self.inline(value, style=None)}"

    def item(self, value: object, *, indent: int, style: str | None) -> str:  # noqa: ARG002 - as above
        """An item of a list; TOML has no dashes."""
        return self.inline(value, style=style)

    def after(self, value: object, *, indent: int) -> str:  # noqa: ARG002 - as above
        """What follows an equals sign."""
        return " " + self.inline(value, style=None)

    def inline(self, value: object, *, style: str | None) -> str:
        """A value of any kind, in one line."""
        match value:
            case dict():
                pairs = (self.entry(key, item, indent=0, flow=True) for key, item in value.items())
                return "{ " + ", ".join(pairs) + " }" if value else "{}"
            case list():
                return "[" + ", ".join(self.inline(item, style=style) for item in value) + "]"
            case _:
                return self.scalar(value, style=style, written="", indent=0, flow=True)

    def scalar(self, value: object, *, style: str | None, written: str, indent: int, flow: bool) -> str:  # noqa: ARG002 - YAML's writer needs the place
        """A scalar in `style` where that can hold it; `written` is what it replaces."""
        match value:
            case str():
                return self._string(value, self._habits.quote if style is None else style)
            case bool():
                return str(value).lower()
            case date():
                return moment_text(value, like=written or self._habits.moment)
            case float() if isfinite(value):
                return repr(value)
            case int():
                return str(value)
            case _:
                raise CannotEdit(f"TOML has no way to write {value!r}.", line=1)

    def _string(self, text: str, style: str) -> str:
        if style == "'" and "'" not in text and not _CONTROLS.search(text) and not _ESCAPED.search(text):
            return f"'{text}'"
        # Some readers of TOML keep the CR of a line break inside a string.
        if style == '"""' and "\n" in text and self._habits.newline == "\n":
            return '"""\n' + "\n".join(_basic(line)[1:-1] for line in text.split("\n")) + '"""'
        return _basic(text)


def _basic(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04X}", json.dumps(text, ensure_ascii=False))
