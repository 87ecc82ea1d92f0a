"""Other origins whose pages may call the API."""

from collections.abc import Mapping, Sequence

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from pressroom.kernel.http.security import RawHeaders

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SENT = ("Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID")
_READ = ("ETag", "Link", "Location", "Retry-After", "X-Request-ID")


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Answers preflights, and lets these origins read what the framework answers."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=_METHODS,
        allow_headers=_SENT,
        expose_headers=_READ,
        max_age=600,
    )


def allowance(origins: Sequence[str], asked: Mapping[bytes, bytes]) -> RawHeaders:
    """The headers that let a page read a refusal which the framework's own answers did not come to."""
    origin = asked.get(b"origin", b"")
    if origin.decode("latin-1") not in origins:
        return []
    read = ", ".join(_READ).encode()
    return [(b"access-control-allow-origin", origin), (b"access-control-expose-headers", read), (b"vary", b"Origin")]
