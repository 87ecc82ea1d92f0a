"""Which language a text is probably written in, judged by its script."""

import re

from pressroom.kernel.text.characters import HAN, HANGUL, KANA

_SAMPLE = 20_000
_LETTER = re.compile(r"[^\W\d_]")
_BY_SCRIPT = {
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u05d0-\u05ea]"),
    "ar": re.compile(r"[\u0620-\u06ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e01-\u0e4e]"),
    "ko": re.compile(f"[{HANGUL}]"),
    "ja": re.compile(f"[{KANA}]"),
    "zh": re.compile(f"[{HAN}]"),
}
# Frequent characters whose simplified and traditional forms differ, in the same order.
_SIMPLIFIED = re.compile("[这们国会学说时来个为对过还没开关问从后发]")
_TRADITIONAL = re.compile("[這們國會學說時來個為對過還沒開關問從後發]")

# A text in these scripts quotes a lot of English; a fifth of the letters is enough to tell.
_SHARE = 0.2


def guess_language(text: str, *, default: str = "en") -> str:
    """Guess the language tag for a page's `lang` from the scripts of its text.

    Returns:
        `zh` (simplified), `zh-Hant`, `ja`, `ko`, `ru`, `el`, `he`, `ar`, `hi`, `th`, or `default`: the Latin
        script alone does not tell English from French.
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        return default
    letters = len(_LETTER.findall(sample))
    shares = {tag: len(script.findall(sample)) / letters for tag, script in _BY_SCRIPT.items()} if letters else {}
    # Japanese is written with Chinese characters too, but never without kana for long.
    if shares and shares["ja"] > _SHARE / 2 and shares["ja"] + shares["zh"] > _SHARE:
        return "ja"
    tag = max(shares, key=shares.__getitem__, default=default)
    if shares.get(tag, 0) < _SHARE:
        return default
    return _chinese(sample) if tag == "zh" else tag


def _chinese(sample: str) -> str:
    return "zh-Hant" if len(_TRADITIONAL.findall(sample)) > len(_SIMPLIFIED.findall(sample)) else "zh"
