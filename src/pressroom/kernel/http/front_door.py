"""The plain ASGI application in front of everything: every answer passes here, and does all its duties cheaply.

request → address, id, limits → a ready-made answer | the static site | the framework → headers, log, metrics
"""

import asyncio
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pressroom.kernel.clock import Clock
from pressroom.kernel.errors import (
    AppError,
    BadRequest,
    BodyTooLarge,
    RequestTimedOut,
    TooManyRequests,
)
from pressroom.kernel.http.access_log import AccessLog
from pressroom.kernel.http.clients import ClientAddresses, rate_key
from pressroom.kernel.http.exceptions import named
from pressroom.kernel.http.limiter import RateLimiter
from pressroom.kernel.http.local import LocalGuard
from pressroom.kernel.http.metrics import RequestMetrics
from pressroom.kernel.http.problem import CONTENT_TYPE, encode, problem
from pressroom.kernel.http.read_side import PUBLIC, Answer, ReadSide, is_unchanged
from pressroom.kernel.http.security import RawHeaders
from pressroom.kernel.settings import HttpSettings

log = structlog.get_logger(__name__)
ACCEPTED_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
ANONYMOUS_BODY = 1024 * 1024
SITE_ROUTE = "site"


@dataclass(frozen=True)
class Duties:
    """What the front door does for every request."""

    settings: HttpSettings
    clock: Clock
    clients: ClientAddresses
    limiter: RateLimiter
    metrics: RequestMetrics
    access_log: AccessLog | None
    api_headers: RawHeaders
    site_headers: RawHeaders
    local: LocalGuard | None = None


@dataclass(slots=True)
class _Exchange:
    """One request on its way through."""

    scope: Scope
    send: Send
    headers: dict[bytes, bytes]
    client: str
    request_id: str
    begun: float
    extra: RawHeaders
    method: str
    route: str = ""
    status: int = 0
    sent: int = 0
    started: bool = False
    capture: "_Capture | None" = None
    deadline: asyncio.Timeout | None = None


@dataclass(slots=True)
class _Capture:
    """A framework's answer, held back while it may become a ready-made one."""

    revision: int
    start: Message | None = None
    body: list[bytes] = field(default_factory=list)


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
        self._cors = bool(duties.settings.cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        client = self._duties.clients.of(scope, headers)
        sent_id = headers.get(b"x-request-id")
        if sent_id is not None and ACCEPTED_ID.match(sent_id):
            request_id = sent_id.decode()
        else:
            request_id = f"{self._prefix}-{next(self._numbers):x}"
        wait = self._duties.limiter.wait(rate_key(client), begun)
        if wait == 0.0 and self._read_side is not None and self._duties.local is None:
            found = self._ready_made(scope, headers)
            if found is not None:
                await self._give(found, scope, send, headers=headers, client=client, request_id=request_id, begun=begun)
                return
        exchange = self._open(scope, send, headers=headers, client=client, request_id=request_id, begun=begun)
        try:
            if wait:
                raise TooManyRequests(int(wait) + 1)  # noqa: TRY301  # every refusal is written in one place
            await self._pass_on(exchange, receive)
        except Exception as error:  # noqa: BLE001  # the last resort: `named` logs what nobody named
            await self._fail(exchange, error)
        finally:
            self._record(exchange)

    def _ready_made(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[Answer, str] | None:
        assert self._read_side is not None  # noqa: S101  # the caller asked
        if scope["method"] not in ("GET", "HEAD") or b"authorization" in headers:
            return None
        if self._cors and b"origin" in headers:
            return None
        return self._read_side.find((scope["raw_path"], scope["query_string"]), headers)

    async def _give(
        self,
        found: tuple[Answer, str],
        scope: Scope,
        send: Send,
        *,
        headers: dict[bytes, bytes],
        client: str,
        request_id: str,
        begun: float,
    ) -> None:
        answer, route = found
        identified = (b"x-request-id", request_id.encode())
        if is_unchanged(answer, headers):
            status, raw, body = 304, [*answer.unchanged, identified], b""
        else:
            status, raw = 200, [*answer.headers, identified]
            body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})
        seconds = time.perf_counter() - begun
        duties = self._duties
        duties.metrics.count(scope["method"], route, status, seconds)
        if duties.access_log is not None:
            line = (
                time.time(),
                request_id,
                client,
                scope["method"],
                scope["path"],
                status,
                len(body),
                seconds,
            )
            duties.access_log.add(line)

    def _open(
        self,
        scope: Scope,
        send: Send,
        *,
        headers: dict[bytes, bytes],
        client: str,
        request_id: str,
        begun: float,
    ) -> _Exchange:
        first = scope["path"].split("/", 2)[1] if "/" in scope["path"] else ""
        is_site = first not in self._owned
        extra = self._duties.site_headers if is_site else self._duties.api_headers
        scope["request_id"] = request_id
        scope["client_address"] = client
        scope["scheme"] = self._duties.clients.scheme(scope, headers)
        exchange = _Exchange(scope, send, headers, client, request_id, begun, extra, scope["method"])
        exchange.route = SITE_ROUTE if is_site else ""
        return exchange

    async def _pass_on(self, exchange: _Exchange, receive: Receive) -> None:
        scope = exchange.scope
        self._check_framing(exchange.headers)
        if self._duties.local is not None:
            self._duties.local.check(scope, exchange.headers)
        if exchange.route == SITE_ROUTE:
            await self._site(scope, receive, self._sender(exchange))
            return
        if scope["method"] == "HEAD":
            scope["method"] = "GET"  # the answer's body is dropped on the way out
        exchange.capture = self._capture(exchange)
        limited = self._limited(receive, exchange.headers)
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        try:
            async with asyncio.timeout(self._duties.settings.request_seconds) as exchange.deadline:
                await self._app(scope, limited, self._sender(exchange))
        except TimeoutError:
            raise RequestTimedOut from None
        finally:
            structlog.contextvars.unbind_contextvars("request_id")

    @staticmethod
    def _check_framing(headers: dict[bytes, bytes]) -> None:
        if b"content-length" in headers and b"transfer-encoding" in headers:
            raise BadRequest("A request has either Content-Length or Transfer-Encoding, not both.")

    def _limited(self, receive: Receive, headers: dict[bytes, bytes]) -> Receive:
        limit = self._duties.settings.max_body_bytes
        if b"authorization" not in headers and self._duties.local is None:
            limit = min(limit, ANONYMOUS_BODY)
        told = headers.get(b"content-length", b"0")
        if not told.isdigit() or len(told) > 18 or int(told) > limit:  # noqa: PLR2004  # more digits than any size
            raise BodyTooLarge(f"A request may carry {limit} bytes here.")
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise BodyTooLarge(f"A request may carry {limit} bytes here.")
            return message

        return receive_limited

    def _capture(self, exchange: _Exchange) -> _Capture | None:
        if self._read_side is None or exchange.scope["method"] != "GET" or b"authorization" in exchange.headers:
            return None
        if self._cors and b"origin" in exchange.headers:
            return None
        revision = self._read_side.revision.current()
        return None if revision is None else _Capture(revision)

    def _sender(self, exchange: _Exchange) -> Send:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._started(exchange, message)
            elif message["type"] == "http.response.body":
                await self._continued(exchange, message)
            else:
                await exchange.send(message)

        return send

    async def _started(self, exchange: _Exchange, message: Message) -> None:
        if exchange.deadline is not None:
            exchange.deadline.reschedule(None)
        raw = message["headers"] = list(message.get("headers", ()))
        is_public = any(name == PUBLIC for name, _ in raw)
        if is_public:
            message["headers"] = raw = [pair for pair in raw if pair[0] != PUBLIC]
        if exchange.capture is not None and is_public and message["status"] == 200:  # noqa: PLR2004  # OK
            exchange.capture.start = message
            return
        exchange.capture = None
        present = {name for name, _ in raw}
        raw.extend(pair for pair in exchange.extra if pair[0] not in present)
        raw.append((b"x-request-id", exchange.request_id.encode()))
        exchange.status = message["status"]
        exchange.started = True
        await exchange.send(message)

    async def _continued(self, exchange: _Exchange, message: Message) -> None:
        capture = exchange.capture
        body = message.get("body", b"")
        if capture is not None and capture.start is not None:
            capture.body.append(body)
            if not message.get("more_body", False):
                await self._keep_and_give(exchange, capture)
            return
        if exchange.method == "HEAD" and exchange.route != SITE_ROUTE:
            message = {**message, "body": b""}
        exchange.sent += len(message.get("body", b""))
        await exchange.send(message)

    async def _keep_and_give(self, exchange: _Exchange, capture: _Capture) -> None:
        assert self._read_side is not None  # noqa: S101  # without it nothing is captured
        assert capture.start is not None  # noqa: S101  # the body follows the start
        scope = exchange.scope
        body = b"".join(capture.body)
        route = _route_of(exchange)
        kept = self._read_side.make(capture.start["headers"], body, revision=capture.revision, route=route)
        self._read_side.keep((scope["raw_path"], scope["query_string"]), kept)
        packed = kept.gzipped is not None and b"gzip" in exchange.headers.get(b"accept-encoding", b"")
        answer = kept.gzipped if packed and kept.gzipped else kept.plain
        identified = (b"x-request-id", exchange.request_id.encode())
        unchanged = is_unchanged(answer, exchange.headers)
        exchange.status = 304 if unchanged else 200
        raw = [*(answer.unchanged if unchanged else answer.headers), identified]
        exchange.started = True
        await exchange.send({"type": "http.response.start", "status": exchange.status, "headers": raw})
        content = b"" if unchanged or exchange.method == "HEAD" else answer.body
        exchange.sent = len(content)
        await exchange.send({"type": "http.response.body", "body": content})

    async def _fail(self, exchange: _Exchange, error: Exception) -> None:
        if not exchange.started:
            await self._refuse(exchange, named(error))
        elif exchange.status < 500:  # noqa: PLR2004  # otherwise the framework has told and logged it
            log.error("request.broke_off", exc_info=error)  # the connection ends short, which clients notice

    async def _refuse(self, exchange: _Exchange, error: AppError) -> None:
        clock = self._duties.clock
        body = encode(problem(error, instance=exchange.scope["path"], request_id=exchange.request_id, clock=clock))
        raw = [
            (b"content-type", CONTENT_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *((name.lower().encode(), value.encode()) for name, value in error.headers.items()),
            *self._duties.api_headers,
            (b"x-request-id", exchange.request_id.encode()),
        ]
        exchange.status = type(error).status
        exchange.started = True
        await exchange.send({"type": "http.response.start", "status": exchange.status, "headers": raw})
        await exchange.send({"type": "http.response.body", "body": b"" if exchange.method == "HEAD" else body})

    def _record(self, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.begun
        scope = exchange.scope
        self._duties.metrics.count(exchange.method, _route_of(exchange), exchange.status, seconds)
        if self._duties.access_log is not None:
            line = (
                time.time(),
                exchange.request_id,
                exchange.client,
                exchange.method,
                scope["path"],
                exchange.status,
                exchange.sent,
                seconds,
            )
            self._duties.access_log.add(line)


def _route_of(exchange: _Exchange) -> str:
    if exchange.route:
        return exchange.route
    route: Any = exchange.scope.get("route")
    return str(getattr(route, "path", "unknown"))
