"""Files of a release as answers that are ready to be sent."""

import gzip
import os
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from pressroom.features.site.fingerprints import has_fingerprint
from pressroom.features.site.serving.media_types import is_text, media_type

Headers = tuple[tuple[bytes, bytes], ...]

BIG = 256 * 1024
_WORTH_COMPRESSING = range(1024 + 1, 4 * 1024 * 1024 + 1)
_ENOUGH_TO_TELL = 512
_ENTRY_OVERHEAD = 4096

_FOR_EVER = b"public, max-age=31536000, immutable"
_ASK_AGAIN = b"public, max-age=0, must-revalidate"


class Identity(NamedTuple):
    """What tells one state of a file from another, without reading it; the same under each hard link."""

    inode: int
    modified_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Representation:
    """One encoding of a document."""

    etag: bytes
    headers: Headers
    unchanged_headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """One file behind one address. Of a file over `BIG` bytes only the packed body is here; the plain one is empty."""

    file: Path
    identity: Identity
    modified: bytes
    plain: Representation
    zipped: Representation | None

    @property
    def is_big(self) -> bool:
        return self.identity.size > BIG

    @property
    def weight(self) -> int:
        """The bytes of memory it takes, roughly."""
        return _ENTRY_OVERHEAD + len(self.plain.body) + (len(self.zipped.body) if self.zipped else 0)


def load(file: Path, *, address: str, known: Document | None) -> Document:
    """Make a file ready to be sent; `known` is used again when it is the same file in the same state."""
    with file.open("rb") as opened:
        found = os.fstat(opened.fileno())
        identity = Identity(found.st_ino, found.st_mtime_ns, found.st_size)
        if known is not None and known.identity == identity and known.file.name == file.name:
            return Document(file, identity, known.modified, known.plain, known.zipped)
        whole = identity.size <= BIG or _is_worth_compressing(file, identity.size)
        data = opened.read(identity.size if whole else _ENOUGH_TO_TELL)
    return _document(file, data, identity=identity, address=address)


def _document(file: Path, data: bytes, *, identity: Identity, address: str) -> Document:
    modified = formatdate(identity.modified_ns // 1_000_000_000, usegmt=True).encode()
    if identity.size > BIG:
        tag, body = f"{identity.modified_ns:x}-{identity.size:x}", b""
    else:
        tag, body = blake2b(data, digest_size=12).hexdigest(), data
    worth_it = _is_worth_compressing(file, identity.size)
    common = [
        (b"content-type", media_type(file.name, data[:_ENOUGH_TO_TELL]).encode()),
        (b"cache-control", _FOR_EVER if has_fingerprint(address.removeprefix("/")) else _ASK_AGAIN),
        (b"last-modified", modified),
        *([(b"vary", b"Accept-Encoding")] if worth_it else []),
    ]
    plain = _representation(f'"{tag}"', body, size=identity.size, headers=[*common, (b"accept-ranges", b"bytes")])
    zipped = _zipped(tag, data, headers=common) if worth_it else None
    return Document(file, identity, modified, plain, zipped)


def _is_worth_compressing(file: Path, size: int) -> bool:
    return size in _WORTH_COMPRESSING and is_text(file.name)


def _zipped(tag: str, body: bytes, *, headers: list[tuple[bytes, bytes]]) -> Representation:
    packed = gzip.compress(body, 6, mtime=0)
    headers = [*headers, (b"content-encoding", b"gzip")]
    return _representation(f'"{tag}-gz"', packed, size=len(packed), headers=headers)


def _representation(etag: str, body: bytes, *, size: int, headers: list[tuple[bytes, bytes]]) -> Representation:
    tagged = [(b"etag", etag.encode()), *headers]
    kept_by_304 = {b"etag", b"cache-control", b"vary", b"last-modified"}
    return Representation(
        etag=etag.encode(),
        headers=((b"content-length", b"%d" % size), *tagged),
        unchanged_headers=tuple(header for header in tagged if header[0] in kept_by_304),
        body=body,
    )
