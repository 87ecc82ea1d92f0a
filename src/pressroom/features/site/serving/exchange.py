"""One request and its answer."""

import asyncio
import os
from collections.abc import Iterable, Sequence

from starlette.types import Receive, Scope, Send

from pressroom.features.site.serving.conditions import (
    NAMES,
    Unsatisfiable,
    accepts_gzip,
    asked_part,
    is_unchanged,
)
from pressroom.features.site.serving.documents import Document
from pressroom.features.site.serving.live import Redirect

_CHUNK = 256 * 1024


class Exchange:
    """Writes one answer to one request; HEAD gets the headers of GET and no body.

    `own`: headers that the release asks for.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._is_head = scope["method"] == "HEAD"
        self.own: tuple[tuple[bytes, bytes], ...] = ()

    async def send_text(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        """Send a short answer; its length is added to `headers`."""
        await self._answer(status, (*headers, (b"content-length", b"%d" % len(body))), body)

    async def send_redirect(self, redirect: Redirect) -> None:
        """Send the client to another address of this site, with the query it came with."""
        query = self._scope["query_string"].decode("latin-1")
        # Whatever a client may put into a query, only visible ASCII goes into a header.
        tail = f"?{query}" if query and query.isascii() and query.isprintable() else ""
        location = redirect.location if "?" in redirect.location else redirect.location + tail
        await self.send_text(redirect.status, [(b"location", location.encode())], b"")

    async def send_document(self, document: Document) -> None:
        """Send a document: whole, packed, in part, or only the news that it has not changed."""
        asked = {name: value for name, value in self._scope["headers"] if name in NAMES}
        chosen = document.plain
        if document.zipped and b"range" not in asked and accepts_gzip(asked.get(b"accept-encoding", b"")):
            chosen = document.zipped
        if is_unchanged(asked, etag=chosen.etag, modified=document.modified):
            await self._answer(304, chosen.unchanged_headers, b"")
        elif b"range" in asked and not self._is_head:
            await self._send_part(document, asked)
        elif document.is_big and chosen is document.plain and not self._is_head:
            await self._stream(200, chosen.headers, document, range(document.identity.size))
        else:
            await self._answer(200, chosen.headers, chosen.body)

    async def _send_part(self, document: Document, asked: dict[bytes, bytes]) -> None:
        plain, size = document.plain, document.identity.size
        try:
            part = asked_part(asked, size=size, etag=plain.etag, modified=document.modified)
        except Unsatisfiable:
            await self.send_text(416, [(b"content-range", b"bytes */%d" % size)], b"")
            return
        headers: Iterable[tuple[bytes, bytes]] = plain.headers
        if part is not None:
            covered = (b"content-range", b"bytes %d-%d/%d" % (part.start, part.stop - 1, size))
            length = (b"content-length", b"%d" % len(part))
            headers = (length, covered, *(h for h in plain.headers if h[0] != b"content-length"))
        status, part = (200, range(size)) if part is None else (206, part)
        if document.is_big:
            await self._stream(status, headers, document, part)
        else:
            await self._answer(status, headers, plain.body[part.start : part.stop])

    async def _answer(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        await self._start(status, headers)
        await self._send({"type": "http.response.body", "body": b"" if self._is_head else body})

    async def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        # A new list each time: whoever wraps this application may add to it.
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, *self.own]})

    async def _stream(
        self, status: int, headers: Iterable[tuple[bytes, bytes]], document: Document, part: range
    ) -> None:
        loop = asyncio.get_running_loop()
        descriptor = await loop.run_in_executor(None, os.open, document.file, os.O_RDONLY)
        gone = asyncio.ensure_future(self._wait_for_disconnect())
        try:
            await self._start(status, headers)
            # A player that seeks hangs up and asks again: reading on for nobody would cost the whole file.
            while part and not gone.done():
                chunk = await loop.run_in_executor(None, os.pread, descriptor, min(len(part), _CHUNK), part.start)
                part = part[len(chunk) :]
                await self._send({"type": "http.response.body", "body": chunk, "more_body": bool(part)})
        finally:
            gone.cancel()
            os.close(descriptor)

    async def _wait_for_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
