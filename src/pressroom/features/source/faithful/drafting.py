"""What every part of an edit shares: the page, the writer, and the replacements made so far."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, NoReturn, Protocol

from pressroom.features.source.faithful.errors import CannotEdit
from pressroom.features.source.faithful.tree import Entry, Node, Page


class Replacement(NamedTuple):
    """Characters from `start` up to `end` become `text`."""

    start: int
    end: int
    text: str


class New(NamedTuple):
    """An entry that is not in the file yet; items of lists have no key."""

    value: object
    key: str | None = None


Plan = Sequence[Entry | New]


class Writer(Protocol):
    """Writes values in a file's language and manner; lines end with a bare line feed."""

    def entry(self, key: str, value: object, *, indent: int, flow: bool) -> str:
        """A key with its value, without the indentation before it."""
        ...

    def item(self, value: object, *, indent: int, style: str | None) -> str:
        """An item of a block list, with its dash at column `indent`."""
        ...

    def after(self, value: object, *, indent: int) -> str:
        """What follows the colon of a key at column `indent`: a space and a value, or lines below."""
        ...

    def inline(self, value: object, *, style: str | None) -> str:
        """A value that may stand between brackets."""
        ...

    def scalar(self, value: object, *, style: str | None, written: str, indent: int, flow: bool) -> str:
        """A scalar in the place of the one that is `written`; without a style, in the file's own."""
        ...


class Draft:
    """The replacements of one edit; they never overlap."""

    def __init__(self, page: Page, writer: Writer, *, first_line: int) -> None:
        """`first_line` is the number of the page's first line in its file."""
        self.page = page
        self.writer = writer
        self._first_line = first_line
        self._replacements: list[Replacement] = []

    def put(self, start: int, end: int, text: str) -> None:
        """Replace; at one and the same place, what is put first stands first."""
        self._replacements.append(Replacement(start, end, text))

    def check(self, entry: Entry, *, within: bool = False) -> None:
        """Refuse to touch a tied value; `within` asks for everything inside as well."""
        if entry.value.knot:
            self.refuse(entry.start, f"This value has {entry.value.knot}; change it in the file.")
        for inner in entry.value.entries if within else ():
            self.check(inner, within=True)

    def refuse(self, position: int, message: str) -> NoReturn:
        line = self._first_line + self.page.line_number(position) - 1
        raise CannotEdit(message, line=line, column=self.page.column(position) + 1)

    def result(self, *, newline: str) -> str:
        """The page with everything replaced."""
        pieces: list[str] = []
        at = 0
        for start, end, text in sorted(self._replacements, key=lambda each: each[:2]):
            pieces += [self.page.text[at:start], text.replace("\n", newline)]
            at = end
        return "".join([*pieces, self.page.text[at:]])


def style_of_items(node: Node) -> str | None:
    """The quotes around the last item of a list, when it is a scalar of one line."""
    last = node.entries[-1].value if node.entries and node.kind == "list" else None
    return last.style if last and last.kind == "scalar" and last.style in {"", "'", '"'} else None


def runs(plan: Plan) -> Iterator[tuple[Entry | None, list[New], Entry | None]]:
    """Each kept entry (and None for the start), the new ones after it, and the next kept one."""
    before: Entry | None = None
    news: list[New] = []
    for each in plan:
        if isinstance(each, New):
            news.append(each)
        else:
            yield before, news, each
            before, news = each, []
    yield before, news, None
