"""Markdown into what readers see: sanitised HTML, plain text and a table of contents."""

import re
from dataclasses import dataclass
from html import escape, unescape
from itertools import pairwise, takewhile

from markdown_it.token import Token

from pressroom.kernel.text.characters import check_text
from pressroom.kernel.text.errors import TooComplex
from pressroom.kernel.text.language import guess_language
from pressroom.kernel.text.markup import MAX_NESTING, inline_text, parser
from pressroom.kernel.text.sanitise import clean_article

_OPENING = 1_000
_MAX_LINES = 100_000
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text: its level (1–6), the id to link to, and its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered text.

    Attributes:
        html: sanitised; safe to put into a page as it is.
        plain: every word a reader sees, code included, one block a line: for search, counting and excerpts.
        opening: the words of the first paragraphs alone, about 1,000 characters: what a summary is made from.
        headings: in the order of the text.
        lang: the language the text is probably in, as `guess_language` says.
    """

    html: str
    plain: str
    opening: str
    headings: tuple[Heading, ...]
    lang: str


def render(markdown: str, *, default_lang: str = "en") -> Rendered:
    """Render CommonMark with tables, strikethrough, footnotes, task lists, bare links and highlighted code.

    Raises:
        NotText: the text holds a lone surrogate.
        TooComplex: lists or quotes are nested more than 50 deep, raw HTML more than 500 tags; there are more lines,
            blocks or marks than a person writes.
    """
    if markdown.count("\n") > _MAX_LINES:
        raise TooComplex(f"This text has more than {_MAX_LINES:,} lines. Make several posts of it.")
    md = parser()
    env: dict[str, object] = {}
    tokens = md.parse(check_text(markdown), env)
    _check_nesting(tokens)
    opening = _opening(tokens)
    # Judged by the paragraphs: code would make every Chinese article about programming English.
    env["lang"] = lang = guess_language(opening or markdown, default=default_lang)
    html = clean_article(md.renderer.render(tokens, md.options, env))
    headings = (token for token in tokens if token.type == "heading_close")
    return Rendered(
        html=html,
        plain="\n".join(filter(None, map(_block_text, tokens))),
        opening=opening,
        headings=tuple(Heading(int(each.tag[1]), each.meta["id"], each.meta["text"]) for each in headings),
        lang=lang,
    )


def as_typed(text: str, *, default_lang: str = "en") -> Rendered:
    """A text that `render` refuses, as it was typed: every word is there, and nothing in it is a mark."""
    lang = guess_language(text, default=default_lang)
    return Rendered(html=f"<pre>{escape(text)}</pre>\n", plain=text, opening=text[:_OPENING], headings=(), lang=lang)


def _check_nesting(tokens: list[Token]) -> None:
    # The parser drops what is nested deeper than its limit; saying so is better than losing words.
    if max((token.level for token in tokens), default=0) >= MAX_NESTING - 1:
        raise TooComplex(f"Lists or quotes are nested more than {MAX_NESTING // 2} deep.")


def _block_text(token: Token) -> str:
    match token.type:
        case "inline":
            return inline_text(token.children).strip()
        case "fence" | "code_block":
            return token.content.strip()
        case "html_block":
            # Sanitised first: what is inside a script is not text.
            return " ".join(unescape(_TAG.sub(" ", clean_article(token.content))).split())
        case _:
            return ""


def _opening(tokens: list[Token]) -> str:
    text = takewhile(lambda token: token.type != "footnote_block_open", tokens)
    size, paragraphs = 0, []
    for before, token in pairwise(text):
        if before.type == "paragraph_open" and before.level == 0 and size < _OPENING:
            paragraphs.append(_block_text(token))
            size += len(paragraphs[-1])
    return "\n".join(filter(None, paragraphs))
