"""Code in colours: Pygments' short classes, never styles."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import escape
from time import thread_time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

T = TypeVar("T")
# Some lexers need seconds for megabytes; nobody reads that much code in colours.
MAX_CHARACTERS = 40_000
# Of a processor, for one block.
MOST_SECONDS = 0.5

_INFO = re.compile(r"\s*([^\s{]*)\s*(?:\{([\d,\s-]*)\})?")
_CLASS_CHARACTER = re.compile(r"[^\w+#.-]", re.ASCII)
_MAX_LINE = 10_000


def code_block(code: str, info: str = "", *, colours: bool = True) -> str:
    """A block of code as HTML.

    Args:
        code: the code, as it stands between the fences.
        info: what follows the fence: a language and, in braces, the lines to point out (`py {2,4-5}`).
        colours: False leaves the code plain.
    """
    found = _INFO.match(info)
    language, lines = (found[1], found[2] or "") if found else ("", "")
    lexer = _lexer(language.lower()) if language and colours and len(code) <= MAX_CHARACTERS else None
    pointed = _line_numbers(lines)
    body = _coloured(code, lexer, pointed) if lexer else None
    body = body or (_coloured(code, _plain_lexer(), pointed) if pointed else None) or escape(code, quote=False)
    name = _CLASS_CHARACTER.sub("", language)
    of_language = f' class="language-{name}"' if name else ""
    return f'<pre class="highlight"><code{of_language}>{body}</code></pre>\n'


def _coloured(code: str, lexer: "Lexer", lines: tuple[int, ...]) -> str | None:
    """`None` for code that its lexer takes too long for: some try each place anew, up to the end."""
    from pygments import format as format_tokens  # noqa: PLC0415 - loaded when the first code is met

    try:
        return str(format_tokens(_in_time(lexer.get_tokens(code)), _formatter(lines)))
    except TimeoutError:
        return None


def _in_time(tokens: Iterable[T]) -> Iterator[T]:
    until = thread_time() + MOST_SECONDS
    for token in tokens:
        if thread_time() > until:
            raise TimeoutError
        yield token


@cache
def _plain_lexer() -> "Lexer":
    from pygments.lexers.special import TextLexer  # noqa: PLC0415 - loaded when the first code is met

    return TextLexer(stripnl=False)


@lru_cache(maxsize=64)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - loaded when the first code is met
    from pygments.util import ClassNotFound  # noqa: PLC0415 - the same

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=64)
def _formatter(lines: tuple[int, ...]) -> "HtmlFormatter[str]":
    from pygments.formatters.html import HtmlFormatter  # noqa: PLC0415 - loaded when the first code is met

    return HtmlFormatter(nowrap=True, hl_lines=list(lines))


def _line_numbers(lines: str) -> tuple[int, ...]:
    """`2,4-5` as (2, 4, 5)."""
    numbers: set[int] = set()
    for part in lines.split(","):
        first, _, last = part.partition("-")
        if first.strip().isdecimal():
            end = int(last) if last.strip().isdecimal() else int(first)
            numbers.update(range(int(first), min(end, _MAX_LINE) + 1))
    return tuple(sorted(numbers))
