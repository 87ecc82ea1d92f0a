"""What a request asks of the answer: an encoding, a part of it, or only news (RFC 9110)."""

import re
from collections.abc import Mapping
from functools import lru_cache

_RANGE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})", re.IGNORECASE)
_ZERO_WEIGHT = re.compile(rb"q=0(\.0{0,3})?", re.IGNORECASE)

NAMES = frozenset({b"accept-encoding", b"if-modified-since", b"if-none-match", b"if-range", b"range"})


class Unsatisfiable(Exception):
    """The asked part lies outside of the file."""


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether gzip is welcome; a client that says nothing gets the plain bytes."""
    weights: dict[bytes, bool] = {}
    for choice in accept_encoding.lower().split(b","):
        coding, _, weight = choice.partition(b";")
        weights[coding.strip()] = not _ZERO_WEIGHT.fullmatch(weight.strip())
    return weights.get(b"gzip", weights.get(b"*", False))


def is_unchanged(asked: Mapping[bytes, bytes], *, etag: bytes, modified: bytes) -> bool:
    """Whether the client holds exactly this representation already.

    A date is compared as it is, not as earlier or later: after a rollback the live file is the older one.
    """
    known = asked.get(b"if-none-match")
    if known is None:
        return asked.get(b"if-modified-since") == modified
    return known == etag or any(tag.strip().removeprefix(b"W/") in {etag, b"*"} for tag in known.split(b","))


def asked_part(asked: Mapping[bytes, bytes], *, size: int, etag: bytes, modified: bytes) -> range | None:
    """The bytes asked for, or None for all of them; raises `Unsatisfiable`.

    As the standard allows, more than one part, another unit or a malformed range means the whole.
    """
    match = _RANGE.fullmatch(asked.get(b"range", b"").strip())
    if match is None or asked.get(b"if-range", etag) not in {etag, modified}:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(last, size)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return range(int(first), end)


def _suffix(length: bytes, size: int) -> range | None:
    if not length:
        return None
    if int(length) == 0 or size == 0:
        raise Unsatisfiable
    return range(max(0, size - int(length)), size)
