"""The favicon that is drawn when the site has none: a page with three lines, in the accent colour."""

import struct
import zlib

SIDE = 32
MARGIN = 8
LINES = {9: 24, 10: 24, 15: 24, 16: 24, 21: 18, 22: 18}
"""Rows of the icon that carry a line, and where the line ends."""


def svg(colour: str) -> bytes:
    """The mark as SVG; `colour` is `#rrggbb`."""
    lines = "".join(f"M{MARGIN} {row + 1}h{end - MARGIN}" for row, end in sorted(LINES.items()) if row % 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" rx="7" fill="{colour}"/>'
        f'<path d="{lines}" stroke="#fff" stroke-width="2" fill="none"/></svg>'
    ).encode()


def ico(colour: str) -> bytes:
    """The same mark for browsers that ask for `/favicon.ico`: one 32-pixel PNG in an icon container."""
    image = _png(colour)
    directory = struct.pack("<HHHBBBBHHII", 0, 1, 1, SIDE, SIDE, 0, 0, 1, 32, len(image), 22)
    return directory + image


def _png(colour: str) -> bytes:
    ground, line = bytes.fromhex(colour[1:]) + b"\xff", b"\xff" * 4
    rows = b"".join(
        b"\0" + b"".join(line if MARGIN <= x < LINES.get(y, 0) else ground for x in range(SIDE)) for y in range(SIDE)
    )
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
