"""YAML values as the site's parser reads them, in the manner of the file around them."""

import json
import re
from collections.abc import Mapping
from datetime import date

from pressroom.features.source.faithful.habits import Habits, moment_text
from pressroom.kernel.text.yaml_writer import dump

_FLOW_SIGNS = frozenset(",?[]{}:")
# What cannot stand between single quotes or in a block: controls, breaks of old YAML, halves of characters, the BOM.
_UNPRINTABLE = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LONGEST_KEY = 100


class YamlWriter:
    """Writes what follows a colon or a dash; lines end with a bare line feed."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits

    def entry(self, key: str, value: object, *, indent: int, flow: bool) -> str:
        """`key: value`, without the indentation before it."""
        text = " " + self.inline(value, style=None) if flow else self.after(value, indent=indent)
        return f"{_key(key, flow=flow)}:{text}"

    def item(self, value: object, *, indent: int, style: str | None) -> str:
        """`- value`, the dash at column `indent`; a collection begins beside its dash."""
        match value:
            case dict() if value and not self._habits.flow_maps:
                return "- " + self._map(value, indent=indent + 2).lstrip()
            case list() if value and not self._habits.flow_lists:
                return "- " + self._list(value, indent=indent + 2).lstrip()
            case dict() | list():
                return "- " + self.inline(value, style=None)
            case _:
                return "- " + self.scalar(value, style=style, written="", indent=indent, flow=False)

    def after(self, value: object, *, indent: int) -> str:
        """What follows the colon of a key at column `indent`, with its first space or line break."""
        match value:
            case dict() if value and not self._habits.flow_maps:
                return "\n" + self._map(value, indent=indent + self._habits.map_indent)
            case list() if value and not self._habits.flow_lists:
                return "\n" + self._list(value, indent=indent + self._habits.dash_indent)
            case dict() | list():
                return " " + self.inline(value, style=None)
            case _:
                return " " + self.scalar(value, style=None, written="", indent=indent, flow=False)

    def inline(self, value: object, *, style: str | None) -> str:
        """The value in one line, as it may stand between brackets."""
        match value:
            case dict():
                return "{" + ", ".join(self.entry(key, item, indent=0, flow=True) for key, item in value.items()) + "}"
            case list():
                return "[" + ", ".join(self.inline(item, style=style) for item in value) + "]"
            case _:
                return self.scalar(value, style=style, written="", indent=0, flow=True)

    def scalar(self, value: object, *, style: str | None, written: str, indent: int, flow: bool) -> str:
        """A scalar in `style` where that can hold it; `written` is what it replaces."""
        if isinstance(value, date):
            return moment_text(value, like=written or self._habits.moment)
        if not isinstance(value, str):
            return dump({"k": value})[3:-1]
        return self._string(value, self._habits.quote if style is None else style, indent=indent, flow=flow)

    def _map(self, values: Mapping[str, object], *, indent: int) -> str:
        pad = " " * indent
        return "\n".join(pad + self.entry(key, value, indent=indent, flow=False) for key, value in values.items())

    def _list(self, values: list[object], *, indent: int) -> str:
        pad = " " * indent
        return "\n".join(pad + self.item(value, indent=indent, style=None) for value in values)

    def _string(self, text: str, style: str, *, indent: int, flow: bool) -> str:
        if _UNPRINTABLE.search(text) or text.endswith("\n\n"):
            return _double(text)
        if not flow and ("\n" in text or style in {"|", ">"}) and (block := _block(text, style, indent=indent + 2)):
            return block
        if "\n" in text or style == '"':
            return _double(text)
        if style != "'" and _bare(text, flow=flow):
            return text
        return _double(text) if self._habits.needed_quote == '"' and style != "'" else _single(text)


def _key(key: str, *, flow: bool) -> str:
    return key if _bare(key, flow=flow) and len(key) <= _LONGEST_KEY else _double(key)


def _bare(text: str, *, flow: bool) -> bool:
    """Whether every reader, old or new, takes the bare words for this very text."""
    return not (flow and _FLOW_SIGNS & set(text)) and dump({"k": text}) == f"k: {text}\n"


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _double(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _block(text: str, style: str, *, indent: int) -> str | None:
    """A literal or folded block, or None where its first or blank lines would mean something else."""
    lines = text.removesuffix("\n").split("\n")
    if lines[0][:1] in {"", " ", "\t"} or any(line and not line.strip() for line in lines):
        return None
    folds = style == ">" and all(line == line.strip() and line for line in lines)
    chomping = "" if text.endswith("\n") else "-"
    written = [line for each in lines for line in (each, "")][:-1] if folds else lines
    pad = " " * indent
    return f"{'>' if folds else '|'}{chomping}\n" + "\n".join(pad + line if line else "" for line in written)
