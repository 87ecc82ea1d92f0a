"""One request on its way through the front door, and what the door does for each."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Scope, Send

from pressroom.kernel.clock import Clock
from pressroom.kernel.http.access_log import AccessLog
from pressroom.kernel.http.clients import ClientAddresses
from pressroom.kernel.http.limiter import RateLimiter
from pressroom.kernel.http.local import LocalGuard
from pressroom.kernel.http.metrics import RequestMetrics
from pressroom.kernel.http.security import RawHeaders
from pressroom.kernel.settings import HttpSettings

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
class Asked:
    """A request as it came: what was asked, by whom, when."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    client: str
    request_id: str
    begun: float

    @property
    def identified(self) -> tuple[bytes, bytes]:
        return (b"x-request-id", self.request_id.encode())

    def record(self, duties: Duties, *, route: str, status: int, size: int) -> None:
        """Counts the answer and adds its line to the access log."""
        seconds = time.perf_counter() - self.begun
        duties.metrics.count(self.method, route, status, seconds)
        if duties.access_log is not None:
            line = (time.time(), self.request_id, self.client, self.method, self.path, status, size, seconds)
            duties.access_log.add(line)


@dataclass(slots=True)
class Capture:
    """A framework's answer, held back while it may become a ready-made one."""

    revision: int
    start: Message | None = None
    body: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Exchange:
    """A request that no ready-made answer served, and what has been answered so far."""

    scope: Scope
    send: Send
    asked: Asked
    extra: RawHeaders
    is_site: bool
    status: int = 0
    sent: int = 0
    started: bool = False
    capture: Capture | None = None
    deadline: asyncio.Timeout | None = None

    @property
    def route(self) -> str:
        """The path as the route declares it, for counting."""
        if self.is_site:
            return SITE_ROUTE
        route: Any = self.scope.get("route")
        return str(getattr(route, "path", "unknown"))

    @property
    def drops_body(self) -> bool:
        """HEAD is answered by what answers GET; the site does it by itself."""
        return self.asked.method == "HEAD" and not self.is_site

    def stop_the_clock(self) -> None:
        """From here on the request may take its time: it is answering, or about to commit."""
        if self.deadline is not None and not self.deadline.expired():
            self.deadline.reschedule(None)

    async def start(self, status: int, headers: RawHeaders) -> None:
        self.status = status
        self.started = True
        await self.send({"type": "http.response.start", "status": status, "headers": headers})

    async def give(self, status: int, headers: RawHeaders, body: bytes) -> None:
        """Answers at once and whole."""
        await self.start(status, headers)
        self.sent = len(body)
        await self.send({"type": "http.response.body", "body": body})
