"""The one shape of an error on the wire: `application/problem+json` with an `error` member."""

from typing import Any

import orjson

from pressroom.kernel.clock import Clock, rfc3339
from pressroom.kernel.errors import AppError

CONTENT_TYPE = "application/problem+json"


def problem(error: AppError, *, instance: str, request_id: str, clock: Clock) -> dict[str, Any]:
    """The body of an error, as JSON."""
    cls = type(error)
    return {
        "type": f"/errors/{cls.code}",
        "title": cls.title,
        "status": cls.status,
        "detail": error.detail,
        "instance": instance,
        "error": {
            "code": cls.code,
            "message": error.detail,
            "details": error.details,
            "timestamp": rfc3339(clock.now()),
            "request_id": request_id,
        },
    }


def encode(body: dict[str, Any]) -> bytes:
    """JSON bytes; text that is not valid Unicode is written with replacement characters."""
    try:
        return orjson.dumps(body, default=str)
    except orjson.JSONEncodeError:
        return orjson.dumps(_as_unicode(body), default=str)


def _as_unicode(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_as_unicode(key): _as_unicode(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_unicode(inner) for inner in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
