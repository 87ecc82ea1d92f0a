"""File names that every system can hold and no system confuses."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import count

from pressroom.features.source.disk.errors import UnsafeName

LONGEST_NAME = 255

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)[ ]*(?:\..*)?", re.IGNORECASE)
_EDGES = re.compile(r"^[\s.-]+|[\s.-]+$")


def fold(name: str) -> str:
    """What two names have in common that Windows or macOS would take for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def check_name(name: str, *, taken: Iterable[str] = ()) -> str:
    """The name as it is, when it is fit for Linux, macOS and Windows and unlike all those `taken`.

    Raises:
        UnsafeName: with the reason, in words that follow the name.
    """
    reason = _unfit(name) or _confused(name, taken)
    if reason:
        raise UnsafeName(name, reason)
    return name


def safe_name(wanted: str, *, taken: Collection[str] = (), ending: str = ".md") -> str:
    """The nearest name to `wanted` that `check_name` accepts, with its ending; `-2`, `-3`… where it is taken."""
    stem = unicodedata.normalize("NFC", _FORBIDDEN.sub("-", wanted).removesuffix(ending))
    stem = _EDGES.sub("", stem) or "untitled"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    used = {fold(name) for name in taken}
    suffixes = ("" if number == 1 else f"-{number}" for number in count(1))
    names = (_shortened(stem, len(f"{suffix}{ending}".encode())) + suffix + ending for suffix in suffixes)
    return next(name for name in names if fold(name) not in used)


def _unfit(name: str) -> str:
    if not name or name in {".", ".."}:
        return "is not a name"
    if found := _FORBIDDEN.search(name):
        return f"holds {found[0]!r}, which not every system can keep"
    if name != name.rstrip(" ."):
        return "ends with a space or a dot, which Windows drops"
    if name.startswith("."):
        return "starts with a dot and would be hidden"
    if _RESERVED.fullmatch(name):
        return "is a device on Windows"
    return f"is longer than {LONGEST_NAME} bytes" if len(name.encode()) > LONGEST_NAME else ""


def _confused(name: str, taken: Iterable[str]) -> str:
    other = next((each for each in taken if fold(each) == fold(name)), None)
    return f"is the same as {other!r} on some systems" if other is not None else ""


def _shortened(stem: str, reserved: int) -> str:
    """As much of the stem as leaves room for what follows, cut between characters."""
    room = LONGEST_NAME - reserved
    return stem if len(stem.encode()) <= room else stem.encode()[:room].decode(errors="ignore").rstrip(" .-")
