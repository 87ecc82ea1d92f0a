"""Addresses made from titles."""

import re
import unicodedata

from anyascii import anyascii

from pressroom.kernel.text.characters import BOPOMOFO, HAN, HANGUL, KANA, MARKS, compiled

MAX_LENGTH = 100
# What file systems take as the name of a folder, with room for an ending.
MAX_BYTES = 240

# One character is one syllable; kana spell one word with several characters.
_SYLLABLE = f"([{HAN}{HANGUL}{BOPOMOFO}]|[{KANA}]+)"
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_NOT_WORD = re.compile(rf"(?:[^\w{MARKS}]|_)+")
_ASCII_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slugify(text: str, *, keep_script: bool = False, max_length: int = MAX_LENGTH) -> str:
    """Make an address of words joined by dashes, such as `ni-hao-shi-jie` from `你好 世界`.

    Args:
        text: a title in any script.
        keep_script: keep the letters of every script (composed, lower case) instead of spelling them in ASCII.
        max_length: the most characters the slug may have; it is cut between words where it can be. It never has more
            than 240 bytes.

    Returns:
        The slug, or "" when the text has no letters and no digits (emoji alone, for instance).
    """
    # No slug needs more than four times its length, so a title of a megabyte costs nothing.
    words = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text[: max_length * 4]))
    slug = _in_script(words) if keep_script else _in_ascii(words)
    return _shortened(slug, max_length)


def is_slug(text: str, *, keep_script: bool = False, max_length: int = MAX_LENGTH) -> bool:
    """Whether `text` could have come from `slugify` with the same options."""
    if not text or len(text) > max_length or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        return False
    if keep_script:
        return _in_script(unicodedata.normalize("NFKC", text)) == text
    return _ASCII_SLUG.fullmatch(text) is not None


def numbered(slug: str, number: int, *, max_length: int = MAX_LENGTH) -> str:
    """The slug with a number behind it, to tell it from others: `hello-2`; never longer than `max_length`."""
    ending = f"-{number}"
    return _within_bytes(slug[: max_length - len(ending)], MAX_BYTES - len(ending)).rstrip("-") + ending


def _in_script(words: str) -> str:
    return unicodedata.normalize("NFC", _NOT_WORD.sub("-", words.lower())).strip("-")


def _in_ascii(words: str) -> str:
    spelled = words if words.isascii() else "".join(map(_spelled, compiled(_SYLLABLE).sub(r" \1 ", words)))
    slug = _NOT_ASCII_WORD.sub("-", spelled.lower()).strip("-")
    return slug or "-".join(f"u{ord(char):04x}" for char in words if char.isalpha())


def _spelled(char: str) -> str:
    """Letters, digits and their marks in ASCII letters; a symbol (an emoji is `:tada:` to anyascii) parts words."""
    if char.isascii():
        return char
    if unicodedata.category(char)[0] not in "LMN":
        return " "
    return _NOT_ASCII_WORD.sub("", anyascii(char).lower())


def _shortened(slug: str, max_length: int) -> str:
    short = _within_bytes(slug[:max_length], MAX_BYTES)
    if short == slug:
        return slug
    cut = slug[: len(short) + 1].rpartition("-")[0]
    # Where one long word fills most of the slug, it is cut inside.
    return cut if len(cut) > len(short) // 2 else short.rstrip("-")


def _within_bytes(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")
