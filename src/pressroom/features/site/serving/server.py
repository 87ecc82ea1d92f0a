"""The server of the public site: a plain ASGI application, because every reader's request passes here."""

import asyncio
import os
from pathlib import Path

from cachetools import LRUCache
from starlette.types import Receive, Scope, Send

from pressroom.features.site.serving.documents import Document
from pressroom.features.site.serving.exchange import Exchange
from pressroom.features.site.serving.live import LiveRelease, Redirect

_Kept = tuple[LiveRelease, Document]

_HTML = (b"content-type", b"text/html; charset=utf-8")
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
_ASK_AGAIN = (b"cache-control", b"public, max-age=0, must-revalidate")
_NOT_KEPT = (b"cache-control", b"no-store")

_PREPARING = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Being prepared</title>
<h1>This publication is being prepared</h1>
<p>Its first pages are on their way. Come back in a moment.</p>
"""
_NOT_FOUND = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Page not found</title>
<h1>There is no page at this address</h1>
<p><a href="/">Go to the front page</a></p>
"""


class SiteServer:
    """Serves the release that `<root>/current` points at, each request from one release only.

    It sets the headers that belong to the content; those of the whole program (security, request id) and
    its logs are added around it. Small files are kept in memory ready to send, up to `memory` bytes, and
    read again only when a new release brings another file to the same address.
    """

    def __init__(self, root: Path, *, memory: int = 16 * 1024 * 1024) -> None:
        self._root = root
        self._link = os.fspath(root / "current")
        self._live: tuple[str, LiveRelease] | None = None
        self._shelf: LRUCache[str, _Kept] = LRUCache(memory, getsizeof=lambda kept: kept[1].weight)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: GET and HEAD only; a websocket is closed."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        exchange = Exchange(scope, receive, send)
        if scope["method"] not in {"GET", "HEAD"}:
            body = b"This address answers GET and HEAD only.\n"
            await exchange.send_text(405, [_TEXT, (b"allow", b"GET, HEAD")], body)
            return
        release = self._current()
        if release is None:
            await exchange.send_text(503, [_HTML, _NOT_KEPT, (b"retry-after", b"2")], _PREPARING)
            return
        await self._answer(release, scope["path"], exchange)

    async def _answer(self, release: LiveRelease, address: str, exchange: Exchange) -> None:
        found = await self._find(release, address)
        exchange.own = release.headers
        if isinstance(found, Document):
            await exchange.send_document(found)
        elif isinstance(found, Redirect):
            await exchange.send_redirect(found)
        elif (newer := self._current()) is not None and newer is not release:
            # Gone while it was looked for, because the release was: the next one answers.
            await self._answer(newer, address, exchange)
        else:
            await self._send_missing(release, exchange)

    async def _send_missing(self, release: LiveRelease, exchange: Exchange) -> None:
        page = await self._find(release, "/404.html")
        body = page.plain.body if isinstance(page, Document) and not page.is_big else _NOT_FOUND
        await exchange.send_text(404, [_HTML, _ASK_AGAIN], body)

    async def _find(self, release: LiveRelease, address: str) -> Document | Redirect | None:
        kept = self._shelf.get(address)
        if kept is not None and kept[0] is release:
            return kept[1]
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(None, release.find, address, kept and kept[1])
        if isinstance(found, Document) and found.weight <= self._shelf.maxsize:
            self._shelf[address] = (release, found)
        return found

    def _current(self) -> LiveRelease | None:
        """The live release; asked once per request, by one `readlink` of about a microsecond."""
        try:
            target = os.readlink(self._link)  # noqa: PTH115 - a Path costs ten times the call itself
        except OSError:
            return None
        if self._live is None or self._live[0] != target:
            release = LiveRelease(self._root / target)
            if not release.folder.is_dir():
                return None
            self._live = (target, release)
        return self._live[1]
