"""Ready-made public answers: bytes with their ETag, kept under the public revision.

A public answer is made once by the framework and marked with `PUBLIC`; from then on it is given out
as it is until the public revision moves. The revision is read *before* the answer is made, so an
answer that was made while something changed is kept under the older revision and never used.
"""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from cachetools import LRUCache
from fastapi import Depends, Request

from pressroom.kernel.http.encodings import accepts_gzip
from pressroom.kernel.http.security import RawHeaders
from pressroom.kernel.revision_watch import RevisionWatch

PUBLIC = "pressroom.public_answer"
COMPRESS_FROM = 1024
LONGEST_ADDRESS = 512
MADE_HERE = {b"content-length", b"etag", b"vary", b"cache-control"}
Key = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer for one encoding, with all headers but the request's id."""

    etag: bytes
    headers: RawHeaders
    body: bytes
    unchanged: RawHeaders


@dataclass(frozen=True, slots=True)
class Kept:
    revision: int
    route: str
    plain: Answer
    gzipped: Answer | None

    def best_for(self, headers: dict[bytes, bytes]) -> Answer:
        if self.gzipped is not None and accepts_gzip(headers.get(b"accept-encoding", b"")):
            return self.gzipped
        return self.plain

    @property
    def size(self) -> int:
        return 1024 + len(self.plain.body) + (len(self.gzipped.body) if self.gzipped else 0)


class ReadSide:
    """The kept answers of one process, within a budget of memory."""

    def __init__(self, revision: RevisionWatch, *, budget: int, headers: RawHeaders) -> None:
        self.revision = revision
        self._headers = headers
        self._kept: LRUCache[Key, Kept] = LRUCache(budget, getsizeof=lambda kept: kept.size)
        self._largest = budget // 4

    def find(self, key: Key, headers: dict[bytes, bytes]) -> tuple[Answer, str] | None:
        """The answer kept for this address under the current revision, and its route."""
        kept = self._kept.get(key)
        if kept is None or kept.revision != self.revision.current():
            return None
        return kept.best_for(headers), kept.route

    def make(self, raw: Iterable[tuple[bytes, bytes]], body: bytes, *, revision: int, route: str) -> Kept:
        """Turns a framework's answer into a ready-made one."""
        content = [(name, value) for name, value in raw if name not in MADE_HERE]
        plain = self._answer(content, body, b"")
        gzipped = None
        if len(body) >= COMPRESS_FROM:
            packed = gzip.compress(body, compresslevel=6, mtime=0)
            gzipped = self._answer([*content, (b"content-encoding", b"gzip")], packed, b"-gzip")
        return Kept(revision, route, plain, gzipped)

    def keep(self, key: Key, kept: Kept) -> None:
        """Long addresses are not kept: anybody may make them up, and they would fill the memory uncounted."""
        if kept.size <= self._largest and sum(map(len, key)) <= LONGEST_ADDRESS:
            self._kept[key] = kept

    def _answer(self, content: RawHeaders, body: bytes, suffix: bytes) -> Answer:
        etag = b'"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + suffix + b'"'
        caching = [
            (b"etag", etag),
            (b"cache-control", b"public, max-age=0, must-revalidate"),
            (b"vary", b"Accept-Encoding, Origin"),
            *self._headers,
        ]
        length = (b"content-length", str(len(body)).encode())
        return Answer(etag, [*content, length, *caching], body, caching)


def is_unchanged(answer: Answer, headers: dict[bytes, bytes]) -> bool:
    """Whether the client already holds this answer."""
    wanted = headers.get(b"if-none-match")
    if wanted is None:
        return False
    held = {tag.strip().removeprefix(b"W/") for tag in wanted.split(b",")}
    return answer.etag in held or b"*" in held


async def mark_public(request: Request) -> None:
    """Declares an answer the same for everybody: it may be kept and given out until the public revision moves."""
    request.scope[PUBLIC] = True


public_answer = Depends(mark_public)
