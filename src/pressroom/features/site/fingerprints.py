"""Names that change with the bytes of the file.

Such a file may be kept by browsers for good, and carried along for pages that are open; any other may not: whoever
takes `assets/report-20240115.pdf` down wants it gone.
"""

import re
from hashlib import sha256

# All that Astro puts into `_astro`, and what ends in a hash in `assets`. `deploy/nginx/pressroom.conf` has the same.
_HASHED = re.compile(
    r"""
    _astro/.+
    | assets/(?:.*[./_-])?
      (?:
        # Hexadecimal: the built-in theme, Hugo, webpack. Digits alone are a date; the end of a UUID names no bytes.
        (?<!-[0-9a-f]{4}-) (?=[0-9]*[a-f]) (?=[a-f]*[0-9]) [0-9a-f]{8,64} (?:\.[a-z]+)? \.[0-9A-Za-z]+
        |
        # Eight letters and digits: Vite, then esbuild. A photograph or a paper may be called that, code hardly is.
        (?: (?=(?:[\w-]*?(?:[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z]))){3}) [\w-]{8}
          | (?=[A-Z]*[2-7]) (?=[2-7]*[A-Z]) [A-Z2-7]{8}
        ) (?:\.[a-z]+)? \.(?:css|js|mjs|map|woff2?)
      )
    """,
    re.ASCII | re.VERBOSE,
)


def has_fingerprint(path: str) -> bool:
    """Whether a file of a release, by its path, will never have other bytes under the same name."""
    return _HASHED.fullmatch(path) is not None


def fingerprint(data: bytes) -> str:
    """What goes into the name of a file with these bytes; the end keeps it from ever looking like a date or a word."""
    return f"{sha256(data).hexdigest()[:14]}f0"
