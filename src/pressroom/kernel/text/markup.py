"""The Markdown dialect: one markdown-it parser, set up once."""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pressroom.kernel.text.article_html import ArticleRenderer
from pressroom.kernel.text.autolinks import link_bare_addresses
from pressroom.kernel.text.errors import TooComplex
from pressroom.kernel.text.inline import InlineParser, joins_lines
from pressroom.kernel.text.slugs import numbered, slugify

# Two levels for each list (the list and its item), so 50 lists within each other.
MAX_NESTING = 100

# What has more blocks than this was made by a program and would take many seconds; a long novel has half.
_MAX_BLOCKS = 60_000

_PLAIN_ADDRESS = re.compile(r"(?:https?://[a-z0-9.-]+)?[A-Za-z0-9/._~?=&#-]*")


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough, footnotes, task lists and bare links.

    `parse` and `render` take an `env` with `lang`, the language of the labels for screen readers. After `parse` each
    `heading_close` token carries `id` and `text` in its `meta`.
    """
    md = MarkdownIt("zero")
    md.inline = InlineParser()
    md.configure("commonmark", {"tasklists": True, "xhtmlOut": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"])
    footnote_plugin(md)
    link_bare_addresses(md)
    # Most addresses need no normalising, and taking them apart is what costs most in a text of many links.
    md.normalizeLink = _normalized  # type: ignore[method-assign]  # markdown-it's way to set it
    md.block.ruler.before("table", "bounds", _check_blocks)
    md.core.ruler.push("headings", _name_headings)
    md.core.ruler.push("tasks", _label_tasks)
    md.core.ruler.push("line_breaks", _join_lines)
    md.renderer = ArticleRenderer(md)
    return md


def inline_text(children: Sequence[Token] | None) -> str:
    """The words of inline tokens, without their markup; pictures count with their alternative text."""
    parts: list[str] = []
    for child in children or ():
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "image":
                parts.append(inline_text(child.children))
            case _:
                pass
    return "".join(parts)


def _check_blocks(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    """A block rule that matches nothing and sees every block begin."""
    if len(state.tokens) > _MAX_BLOCKS:
        raise TooComplex("This text has more blocks than can be read in a reasonable time.")
    return False


def _normalized(url: str) -> str:
    return url if _PLAIN_ADDRESS.fullmatch(url) else normalizeLink(url)


def _name_headings(state: StateCore) -> None:
    names: dict[str, int] = {}
    for index, token in enumerate(state.tokens):
        if token.type == "heading_open":
            text = inline_text(state.tokens[index + 1].children).strip()
            name = _unique(slugify(text) or "section", names)
            token.attrSet("id", name)
            state.tokens[index + 2].meta = {"id": name, "text": text}


def _unique(name: str, names: dict[str, int]) -> str:
    """`name`, or `name-2`, `name-3` …; `names` remembers the last number of each."""
    candidate = name
    while candidate in names:
        names[name] += 1
        candidate = numbered(name, names[name])
    names[candidate] = 1
    return candidate


def _label_tasks(state: StateCore) -> None:
    """Put each task's checkbox and words into a label, so that the checkbox has a name."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type != "list_item_open" or "checked" not in item.meta:
            continue
        item.attrSet("class", "task")
        checkbox = f'<input class="task-checkbox"{" checked" if item.meta.pop("checked") else ""}>'
        if inline.type == "inline":
            inline.children = [_raw(f"<label>{checkbox} "), *(inline.children or ()), _raw("</label>")]


def _raw(html: str) -> Token:
    return Token("html_inline", "", 0, content=html)


def _join_lines(state: StateCore) -> None:
    for token in state.tokens:
        children = token.children or []
        if token.type != "inline" or token.content.isascii():
            continue
        for index, child in enumerate(children[1:-1], start=1):
            around = children[index - 1].content, children[index + 1].content
            if child.type == "softbreak" and joins_lines(*around):
                children[index] = Token("text", "", 0)
