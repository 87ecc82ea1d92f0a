"""The HTML of an article, made to be read aloud, navigated by keyboard and styled by classes alone."""

from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from pressroom.kernel.text.highlight import code_block

# How much code one text may have in colours; what comes after is shown plain.
_COLOURED = 200_000

_LABELS = {
    "en": {"notes": "Footnotes", "back": "Back to reference {}", "heading": "Link to “{}”"},
    "zh": {"notes": "脚注", "back": "返回引用 {}", "heading": "链接到“{}”"},
    "zh-Hant": {"notes": "註腳", "back": "返回引用 {}", "heading": "連結到「{}」"},
    "ja": {"notes": "脚注", "back": "参照 {} に戻る", "heading": "「{}」へのリンク"},
    "ko": {"notes": "각주", "back": "참조 {}로 돌아가기", "heading": "“{}” 링크"},
}


class ArticleRenderer(RendererHTML):
    """Renders the tokens of `markup.parser`; `env["lang"]` is the language of the labels for screen readers.

    Markdown-it calls the method named like the token. Ids of notes have a colon (`fn:1`, `fnref:1`), which no
    heading's id can have; their pairs are what a stylesheet needs to show notes beside the text.
    """

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002 - markdown-it's signature
        token = tokens[idx]
        env["code"] = env.get("code", 0) + len(token.content)
        return code_block(token.content, token.info, colours=env["code"] <= _COLOURED)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002 - markdown-it's signature
        return code_block(tokens[idx].content)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<div class="heading">{self.renderToken(tokens, idx, options, env)}'

    def heading_close(self, tokens: Sequence[Token], idx: int, _: OptionsDict, env: EnvType) -> str:
        """The anchor stands beside the heading: inside, it would be read as part of its name."""
        token = tokens[idx]
        label = _label(env, "heading", token.meta["text"])
        anchor = f'<a class="heading-anchor" href="#{token.meta["id"]}" aria-label="{label}">#</a>'
        return f"</{token.tag}>{anchor}</div>\n"

    def table_open(self, *_: object) -> str:
        return '<div class="table-scroll" tabindex="0"><table>\n'

    def table_close(self, *_: object) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        return _cell(tokens[idx])

    def td_open(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        return _cell(tokens[idx])

    def footnote_ref(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        number, place = _note(tokens[idx])
        link = f'<a href="#fn:{number}" id="fnref:{place}" role="doc-noteref">{number}</a>'
        return f'<sup class="footnote-ref">{link}</sup>'

    def footnote_block_open(self, _: Sequence[Token], __: int, ___: OptionsDict, env: EnvType) -> str:
        label = _label(env, "notes")
        return f'<section class="footnotes" role="doc-endnotes" aria-label="{label}"><ol class="footnotes-list">\n'

    def footnote_block_close(self, *_: object) -> str:
        return "</ol></section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        return f'<li id="fn:{_note(tokens[idx])[0]}" class="footnote">'

    def footnote_close(self, *_: object) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, _: OptionsDict, env: EnvType) -> str:
        place = _note(tokens[idx])[1]
        label = _label(env, "back", place.replace(":", "."))
        # The last character asks for the arrow as text: some systems draw an emoji otherwise.
        link = f'<a class="footnote-backref" href="#fnref:{place}" role="doc-backlink" aria-label="{label}">↩\ufe0e</a>'
        return f" {link}"


def _label(env: EnvType, name: str, value: str = "") -> str:
    return escape(_LABELS.get(env["lang"], _LABELS["en"])[name].format(value))


def _cell(token: Token) -> str:
    style = str(token.attrGet("style") or "")
    align = f' class="align-{style.removeprefix("text-align:")}"' if style else ""
    return f"<{token.tag}{align}>"


def _note(token: Token) -> tuple[int, str]:
    """A note's number, and the name of the place that refers to it: `2`, then `2:1` for a second reference."""
    number = token.meta["id"] + 1
    again = token.meta.get("subId") or 0
    return number, f"{number}:{again + 1}" if again else str(number)
