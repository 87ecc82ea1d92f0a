"""The inline parser: CommonMark's, made fit for Chinese and Japanese, and bounded."""

import re
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from pressroom.kernel.text.characters import BOPOMOFO, CJK, HAN, KANA
from pressroom.kernel.text.errors import TooComplex

# What has more marks than this was made by a program and would take many seconds; a long novel has half.
_MAX_INLINES = 100_000
# Looking ahead for the end of a link: `[[[[[…` looks far from each bracket.
_MAX_LOOKS = 100_000

_CJK = re.compile(f"[{CJK}]")
# Korean puts spaces between words, so a line break there stays one.
_NO_SPACES = re.compile(f"[{HAN}{KANA}{BOPOMOFO}，。；：！？、（）《》「」『』【】…—]")


class InlineParser(ParserInline):
    """Reads emphasis as its author meant it, and counts its steps in `env` over all of a text."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 - markdown-it's name
        _count(state.env, "looks", _MAX_LOOKS)
        super().skipToken(state)


class _State(StateInline):
    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        _count(self.env, "inlines", _MAX_INLINES)
        return super().push(ttype, tag, nesting)

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803 - markdown-it's names
        """A CJK character beside `*` is as good as a space.

        By CommonMark's rule `**注意：**请看` is not bold: a mark between punctuation and a letter cannot close.
        """
        scanned = super().scanDelims(start, canSplitWord)
        before = self.src[start - 1 : start]
        after = self.src[start + scanned.length : start + scanned.length + 1]
        if not canSplitWord or (before + after).isascii():
            return scanned
        opens = _CJK.match(before) is not None and not (after or " ").isspace()
        closes = _CJK.match(after) is not None and not (before or " ").isspace()
        return Scanned(scanned.can_open or opens, scanned.can_close or closes, scanned.length)


def joins_lines(before: str, after: str) -> bool:
    """Whether a line break between these texts stands for nothing: browsers would show a space between 中 and 文."""
    return bool(_NO_SPACES.match(before[-1:]) and _NO_SPACES.match(after[:1]))


def _count(env: EnvType, name: str, limit: int) -> None:
    env[name] = steps = env.get(name, 0) + 1
    if steps > limit:
        raise TooComplex("This text has more marks or links than can be read in a reasonable time.")
