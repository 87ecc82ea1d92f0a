"""A source file as it is, byte for byte, and as it becomes when some of its values change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from pressroom.features.source.faithful.bodies import newline_of, rewritten, unified
from pressroom.features.source.faithful.drafting import Draft, Writer
from pressroom.features.source.faithful.edits import edit_map
from pressroom.features.source.faithful.errors import CannotEdit, Unreadable
from pressroom.features.source.faithful.habits import habits_of
from pressroom.features.source.faithful.toml_tree import toml_tree
from pressroom.features.source.faithful.toml_values import TomlWriter
from pressroom.features.source.faithful.tree import Node, Page, Span
from pressroom.features.source.faithful.values import Removed, same, with_changes
from pressroom.features.source.faithful.yaml_tree import yaml_tree
from pressroom.features.source.faithful.yaml_values import YamlWriter
from pressroom.kernel.text.errors import FrontMatterError, NotText
from pressroom.kernel.text.frontmatter import split

_BOM = "\ufeff"
_OPENING = re.compile(r"\ufeff?(?:\s*\n)?(---|\+\+\+)")
# Old readers of YAML end a line here and new ones do not.
_UNCERTAIN_BREAK = re.compile("[\x85\u2028\u2029]")


class _Parts(NamedTuple):
    """A file cut in four: up to the opening fence, the front matter, the closing fence, the body."""

    head: str
    front: str
    tail: str
    body: str


def read(raw: bytes) -> "SourceDocument":
    """Read a source file as the site does.

    Raises:
        Unreadable: not UTF-8, a NUL, a fence that is never closed, a key given twice, or no YAML or TOML at all; with
            the line.
    """
    source = _decoded(raw)
    try:
        document = split(source)
    except FrontMatterError as error:
        raise Unreadable(error.message, line=error.line, column=error.column) from error
    parts = _parted(source, document.body, fenced=document.format is not None)
    return SourceDocument(document.front, document.body.replace("\r\n", "\n"), document.format, parts)


def _decoded(raw: bytes) -> str:
    if (found := raw.find(b"\0")) >= 0:
        raise Unreadable("A NUL stands here; this is not text.", line=raw.count(b"\n", 0, found) + 1)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable("This is not UTF-8; save the file as UTF-8.", line=line) from error


def _parted(source: str, body: str, *, fenced: bool) -> _Parts:
    before = source[: len(source) - len(body)]
    opening = _OPENING.match(before) if fenced else None
    if not opening:
        return _Parts(before, "", "", body)
    start = opening.end()
    # The first line that starts with the fence closes it.
    end = before.index(f"\n{opening[1]}", start) + 1
    return _Parts(before[:start], before[start:end], before[end:], body)


@dataclass(frozen=True)
class SourceDocument:
    """A Markdown file in its parts.

    Attributes:
        values: the front matter by the site's rules.
        body: what follows the closing fence, its lines ending with a bare line feed.
        format: what the front matter is written in; None when there is none.
    """

    values: Mapping[str, object]
    body: str
    format: Literal["yaml", "toml"] | None
    _parts: _Parts

    @property
    def raw(self) -> bytes:
        """The file, byte for byte."""
        return "".join(self._parts).encode()

    @property
    def front_matter(self) -> str:
        """What stands between the fences, as it is written."""
        return self._parts.front

    @property
    def has_bom(self) -> bool:
        """Whether the file begins with a byte order mark."""
        return self._parts.head.startswith(_BOM)

    @property
    def newline(self) -> str:
        """How most lines of the file end; a line feed where there are none."""
        return newline_of("".join(self._parts))

    @cached_property
    def spans(self) -> Mapping[str, Span]:
        """Where each key of the front matter that is written in one place stands, up to the end of its value."""
        entries = {entry.key: entry for entry in self._tree.entries if not entry.is_table}
        return {key: self._span(entries[key].start, entries[key].end) for key in self.values if key in entries}

    def edited(self, changes: Mapping[str, object | Removed], *, body: str | None = None) -> bytes:
        """The file with these keys set or taken out, and with this body; every other byte is as it was.

        What the file says already is not written again. Of lists and maps only what differs is written, so a map is
        given whole. `REMOVED` and None take a key out: an empty key fails in most sites' schemas. Values are strings,
        numbers, booleans, dates, aware datetimes, lists and maps of these; a date given as a string stays a string.

        Raises:
            CannotEdit: the edit would touch what ties values together (anchors, aliases, tags, merge keys), or the
                site would not read the result as it is meant; with the line.
        """
        wanted = with_changes(self.values, changes)
        text = self.body if body is None or body == self.body else unified(body)
        parts = self._with_body(self._with_values(wanted), text)
        if parts == self._parts:
            return self.raw
        result = "".join(parts)
        _prove(result, wanted, text)
        return result.encode()

    @cached_property
    def _tree(self) -> Node:
        front = self._parts.front
        return toml_tree(front) if self.format == "toml" else yaml_tree(front, dict(self.values))

    def _span(self, start: int, end: int) -> Span:
        before = self._parts.head + self._parts.front[:start]
        first = len(before.encode())
        return Span(first, first + len(self._parts.front[start:end].encode()), before.count("\n") + 1)

    def _with_values(self, wanted: Mapping[str, object]) -> _Parts:
        if same(self.values, wanted):
            return self._parts
        parts = self._parts if self.format else self._fenced()
        page = Page(parts.front)
        habits = habits_of(page, self._tree, self.values)
        writer: Writer = TomlWriter(habits) if self.format == "toml" else YamlWriter(habits)
        draft = Draft(page, writer, first_line=parts.head.count("\n") + 1)
        edit_map(draft, self._tree, self.values, wanted)
        return parts._replace(front=draft.result(newline=self.newline))

    def _fenced(self) -> _Parts:
        """A file without front matter gets an empty one."""
        head, _, _, body = self._parts
        return _Parts(f"{head}---", self.newline, f"---{self.newline}", body)

    def _with_body(self, parts: _Parts, text: str) -> _Parts:
        if text == self.body:
            return parts
        if not parts.tail and (text.startswith(_BOM) or _OPENING.match(text)):
            # A body that looks like front matter needs a fence before it to stay a body.
            parts = self._fenced()
        tail = parts.tail
        if text and tail and not tail.endswith("\n"):
            tail += self.newline
        return parts._replace(tail=tail, body=rewritten(parts.body, text, default=self.newline))


def _prove(source: str, wanted: Mapping[str, object], body: str) -> None:
    """Read what is about to be written; whatever went wrong, it goes no further."""
    try:
        result = read(source.encode())
    except (Unreadable, NotText, UnicodeEncodeError) as error:
        line = error.line if isinstance(error, Unreadable) else 1
        raise CannotEdit(f"With this change the file could not be read any more: {error}", line=line) from error
    front = result._parts.front  # noqa: SLF001 - its own kind
    if found := _UNCERTAIN_BREAK.search(front):
        line = result._parts.head.count("\n") + front.count("\n", 0, found.start()) + 1  # noqa: SLF001 - as above
        raise CannotEdit("An invisible line separator stands here; remove it, then save again.", line=line)
    keys = [*wanted, *result.values]
    wrong = [
        key for key in keys if not (key in wanted and key in result.values and same(wanted[key], result.values[key]))
    ]
    if wrong or result.body != body:
        what = f"“{wrong[0]}”" if wrong else "the body"
        line = result.spans[wrong[0]].line if wrong and wrong[0] in result.spans else 1
        raise CannotEdit(f"The site would not read {what} as it is meant; change it in the file.", line=line)
