"""The plain ASGI application in front of everything: every answer passes here, and does all its duties cheaply.

request → address, id, limits → a ready-made answer | the static site | the framework → headers, log, metrics
"""

import asyncio
import re
import secrets
import time
from collections.abc import Iterable
from itertools import count

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pressroom.kernel.errors import AppError, ForeignHost, RequestTimedOut, TooManyRequests
from pressroom.kernel.http.body_limit import check_framing, limited
from pressroom.kernel.http.clients import rate_key
from pressroom.kernel.http.exceptions import named
from pressroom.kernel.http.exchange import Asked, Capture, Duties, Exchange
from pressroom.kernel.http.origins import allowance
from pressroom.kernel.http.problem import CONTENT_TYPE, encode, problem
from pressroom.kernel.http.read_side import PUBLIC, Answer, ReadSide, is_unchanged

__all__ = ["Duties", "FrontDoor"]

log = structlog.get_logger(__name__)
ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
ANONYMOUS_BODY = 1024 * 1024
OK = 200
NOT_MODIFIED = 304
FAILED = 500
HUNG_UP = 499


class FrontDoor:
    """Wraps the framework and the static site. See the module's docstring for the way of a request."""

    def __init__(
        self, app: ASGIApp, *, site: ASGIApp, owned: Iterable[str], duties: Duties, read_side: ReadSide | None
    ) -> None:
        self._app = app
        self._site = site
        self._owned = frozenset(owned)
        self._duties = duties
        self._read_side = read_side
        self._prefix = secrets.token_hex(4)
        self._numbers = count(1)
        self._origins = duties.settings.cors_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._pass_other(scope, receive, send)
            return
        asked = self._asked(scope)
        wait = self._duties.limiter.wait(rate_key(asked.client), asked.begun)
        if wait == 0.0 and (found := self._ready_made(scope, asked.headers)) is not None:
            await self._give(found, asked, send)
            return
        exchange = self._open(scope, send, asked)
        try:
            if wait:
                raise TooManyRequests(int(wait) + 1)  # noqa: TRY301  # every refusal is written in one place
            await self._pass_on(exchange, receive)
        except Exception as error:  # noqa: BLE001  # the last resort: `named` logs what nobody named
            await self._fail(exchange, error)
        finally:
            asked.record(self._duties, route=exchange.route, status=exchange.status, size=exchange.sent)

    def _asked(self, scope: Scope) -> Asked:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        sent_id = headers.get(b"x-request-id")
        if sent_id is not None and ACCEPTED_ID.match(sent_id):
            request_id = sent_id.decode()
        else:
            request_id = f"{self._prefix}-{next(self._numbers):x}"
        client = self._duties.clients.of(scope, headers)
        return Asked(scope["method"], scope["path"], headers, client, request_id, time.perf_counter())

    def _ready_made(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[Answer, str] | None:
        if self._read_side is None or scope["method"] not in ("GET", "HEAD") or self._is_personal(headers):
            return None
        return self._read_side.find((scope["raw_path"], scope["query_string"]), headers)

    def _is_personal(self, headers: dict[bytes, bytes]) -> bool:
        """Whether the answer may differ from the one for everybody, in its body or its headers."""
        return b"authorization" in headers or (bool(self._origins) and b"origin" in headers)

    async def _give(self, found: tuple[Answer, str], asked: Asked, send: Send) -> None:
        answer, route = found
        if is_unchanged(answer, asked.headers):
            status, headers, body = NOT_MODIFIED, answer.unchanged, b""
        else:
            status, headers = OK, answer.headers
            body = b"" if asked.method == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": status, "headers": [*headers, asked.identified]})
        await send({"type": "http.response.body", "body": body})
        asked.record(self._duties, route=route, status=status, size=len(body))

    def _open(self, scope: Scope, send: Send, asked: Asked) -> Exchange:
        first = asked.path.split("/", 2)[1] if "/" in asked.path else ""
        is_site = first not in self._owned
        extra = self._duties.site_headers if is_site else self._duties.api_headers
        inner = {
            **scope,
            "request_id": asked.request_id,
            "client_address": asked.client,
            "scheme": self._duties.clients.scheme(scope, asked.headers),
        }
        exchange = Exchange(inner, send, asked, extra, is_site)
        inner["stop_the_clock"] = exchange.stop_the_clock
        if exchange.drops_body:
            inner["method"] = "GET"
        return exchange

    async def _pass_on(self, exchange: Exchange, receive: Receive) -> None:
        headers = exchange.asked.headers
        check_framing(headers)
        if self._duties.local is not None:
            self._duties.local.check(exchange.scope, headers)
        if exchange.is_site:
            await self._site(exchange.scope, receive, self._sender(exchange))
            return
        exchange.capture = self._capture(exchange)
        receive = limited(receive, headers, limit=self._body_limit(headers))
        structlog.contextvars.bind_contextvars(request_id=exchange.asked.request_id)
        try:
            async with asyncio.timeout(self._duties.settings.request_seconds) as exchange.deadline:
                await self._app(exchange.scope, receive, self._sender(exchange))
        except TimeoutError:
            if exchange.deadline is None or not exchange.deadline.expired():
                raise
            raise RequestTimedOut from None
        finally:
            structlog.contextvars.unbind_contextvars("request_id")

    def _body_limit(self, headers: dict[bytes, bytes]) -> int:
        largest = self._duties.settings.max_body_bytes
        is_anonymous = b"authorization" not in headers and self._duties.local is None
        return min(largest, ANONYMOUS_BODY) if is_anonymous else largest

    def _capture(self, exchange: Exchange) -> Capture | None:
        if self._read_side is None or exchange.scope["method"] != "GET" or self._is_personal(exchange.asked.headers):
            return None
        revision = self._read_side.revision.current()
        return None if revision is None else Capture(revision)

    def _sender(self, exchange: Exchange) -> Send:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._started(exchange, message)
            elif message["type"] == "http.response.body":
                await self._continued(exchange, message)
            else:
                await exchange.send(message)

        return send

    async def _started(self, exchange: Exchange, message: Message) -> None:
        exchange.stop_the_clock()
        if exchange.capture is not None and PUBLIC in exchange.scope and message["status"] == OK:
            exchange.capture.start = message
            return
        exchange.capture = None
        raw = list(message.get("headers", ()))
        present = {name for name, _ in raw}
        if message["status"] >= FAILED and b"access-control-allow-origin" not in present:
            raw.extend(allowance(self._origins, exchange.asked.headers))
        raw.extend(pair for pair in exchange.extra if pair[0] not in present)
        raw.append(exchange.asked.identified)
        if exchange.drops_body:
            await exchange.give(message["status"], raw, b"")  # whole: a stream must not go on for nobody
        else:
            await exchange.start(message["status"], raw)

    async def _continued(self, exchange: Exchange, message: Message) -> None:
        capture = exchange.capture
        body = message.get("body", b"")
        if capture is not None and capture.start is not None:
            capture.body.append(body)
            if not message.get("more_body", False):
                await self._keep_and_give(exchange, capture, capture.start)
        elif not exchange.drops_body:
            exchange.sent += len(body)
            await exchange.send(message)

    async def _keep_and_give(self, exchange: Exchange, capture: Capture, start: Message) -> None:
        assert self._read_side is not None  # noqa: S101  # without it nothing is captured
        scope, asked = exchange.scope, exchange.asked
        body = b"".join(capture.body)
        kept = self._read_side.make(start["headers"], body, revision=capture.revision, route=exchange.route)
        self._read_side.keep((scope["raw_path"], scope["query_string"]), kept)
        answer = kept.best_for(asked.headers)
        if is_unchanged(answer, asked.headers):
            await exchange.give(NOT_MODIFIED, [*answer.unchanged, asked.identified], b"")
        else:
            content = b"" if exchange.drops_body else answer.body
            await exchange.give(OK, [*answer.headers, asked.identified], content)

    async def _fail(self, exchange: Exchange, error: Exception) -> None:
        if isinstance(error, ClientDisconnect):
            exchange.status = exchange.status or HUNG_UP
        elif not exchange.started:
            await self._refuse(exchange, named(error))
        elif exchange.status < FAILED:  # otherwise the framework has told and logged it
            log.error("request.broke_off", exc_info=error)  # the connection ends short, which clients notice

    async def _refuse(self, exchange: Exchange, error: AppError) -> None:
        asked = exchange.asked
        body = encode(
            problem(error, instance=asked.path, request_id=asked.request_id, clock=self._duties.clock),
        )
        headers = [
            (b"content-type", CONTENT_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *((name.lower().encode(), value.encode()) for name, value in error.headers.items()),
            *self._duties.api_headers,
            *allowance(self._origins, asked.headers),
            asked.identified,
        ]
        await exchange.give(type(error).status, headers, b"" if asked.method == "HEAD" else body)

    async def _pass_other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self._duties.local is not None:
            try:
                self._duties.local.check(scope, dict(scope["headers"]))
            except ForeignHost:
                await send({"type": "websocket.close", "code": 1008})
                return
        await self._app(scope, receive, send)
