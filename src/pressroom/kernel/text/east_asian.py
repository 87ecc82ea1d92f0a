"""What CommonMark, made for words between spaces, gets wrong in Chinese and Japanese."""

import re

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from pressroom.kernel.text.characters import BOPOMOFO, CJK, HAN, KANA

_CJK = re.compile(f"[{CJK}]")
# Korean puts spaces between words, so a line break there stays one.
_NO_SPACES = re.compile(f"[{HAN}{KANA}{BOPOMOFO}，。；：！？、（）《》「」『』【】…—]")


class EastAsianInline(ParserInline):
    """The inline parser, to which a CJK character beside `*` is as good as a space.

    By CommonMark's rule `**注意：**请看` is not bold, because a mark between punctuation and a letter cannot close.
    """

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: FBT001, N802, N803 - markdown-it's name
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
