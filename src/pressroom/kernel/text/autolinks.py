"""Addresses written without brackets become links, also between Chinese words and punctuation."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pressroom.kernel.text.characters import CJK

# An address ends at white space, brackets, quotes and anything Chinese or Japanese (GitHub's rule does not, and
# swallows the sentence); closing punctuation belongs to the sentence.
_ADDRESS = re.compile(
    rf"(?<![a-z0-9_./@:-])(?:https?://|www\.)[^\s<>\"'`“”‘’，。；：！？、（）《》「」『』【】…{CJK}]+"
    r"|(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = "?!.,:;*_~|]"


def link_bare_addresses(md: MarkdownIt) -> None:
    """A markdown-it plugin: `https://…`, `www.…` and mail addresses in running text become links."""
    md.core.ruler.after("inline", "bare_addresses", _link_all)


def _link_all(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children and _may_hold_address(token.content):
            token.children = list(_linked(state.md, token.children))


def _may_hold_address(content: str) -> bool:
    return "://" in content or "www." in content or "@" in content


def _linked(md: MarkdownIt, children: list[Token]) -> Iterator[Token]:
    inside = 0
    for child in children:
        if child.type in ("link_open", "link_close"):
            inside += child.nesting
        if child.type == "html_inline":
            inside += _html_nesting(child.content)
        if child.type == "text" and inside <= 0:
            yield from _split(md, child)
        else:
            yield child


def _html_nesting(tag: str) -> int:
    """+1 for a raw `<a …>`, -1 for `</a>`: what is between them is a link already."""
    if tag[:3].lower() in ("<a ", "<a>"):
        return 1
    return -1 if tag[:3].lower() == "</a" else 0


def _split(md: MarkdownIt, text: Token) -> Iterator[Token]:
    content, place = text.content, 0
    for found in _ADDRESS.finditer(content):
        shown = _trimmed(found[0])
        address = md.normalizeLink(_with_scheme(shown))
        if not md.validateLink(address) or len(shown) < len("www.a"):
            continue
        yield _text(content[place : found.start()], text.level)
        yield Token("link_open", "a", 1, {"href": address}, level=text.level, markup="autolink", info="auto")
        yield _text(shown, text.level + 1)
        yield Token("link_close", "a", -1, level=text.level, markup="autolink", info="auto")
        place = found.start() + len(shown)
    yield _text(content[place:], text.level)


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _with_scheme(shown: str) -> str:
    if "://" in shown:
        return shown
    return f"http://{shown}" if shown[:4].lower() == "www." else f"mailto:{shown}"


def _trimmed(address: str) -> str:
    """Without closing punctuation, and without closing brackets that were opened before the address."""
    trimmed = address.rstrip(_TRAILING)
    while trimmed.endswith(")") and trimmed.count(")") > trimmed.count("("):
        extra = trimmed.count(")") - trimmed.count("(")
        closing = len(trimmed) - len(trimmed.rstrip(")"))
        trimmed = trimmed[: -min(extra, closing)].rstrip(_TRAILING)
    return trimmed
