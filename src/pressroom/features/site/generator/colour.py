"""The accent: one colour that someone chose, made legible on paper and on ink.

The hue is kept; lightness is set per scheme and chroma is bounded, so that any choice, yellow or navy, reaches a
contrast of 4.5 with the page. The conversion is Björn Ottosson's OKLab.
"""

import re
from math import atan2, degrees, hypot
from typing import NamedTuple

from pressroom.features.site.generator.errors import BuildFailed

MOST_CHROMA = 0.14
STRAIGHT_PART = 0.04045
"""Up to here the curve of sRGB is a line."""


class Accent(NamedTuple):
    """Chroma (0 to 0.14) and hue (degrees) in OKLCH."""

    chroma: float
    hue: float


def accent(colour: str) -> Accent:
    """The accent of `#rrggbb`; anything else raises `BuildFailed`."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise BuildFailed(f"the accent colour must be #rrggbb, not {colour!r}")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Accent(round(min(hypot(a, b), MOST_CHROMA), 3), round(degrees(atan2(b, a)) % 360, 1))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= STRAIGHT_PART else float(((channel + 0.055) / 1.055) ** 2.4)
