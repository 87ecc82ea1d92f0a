"""What a client accepts."""

from functools import lru_cache


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether an `Accept-Encoding` header allows gzip; `gzip;q=0` does not."""
    for part in accept_encoding.lower().split(b","):
        name, _, weight = part.partition(b";")
        if name.strip() == b"gzip":
            return weight.replace(b" ", b"").strip(b"q=0.") != b"" or weight.strip() == b""
    return False
