"""How errors look in the OpenAPI document."""

from typing import Any

from pressroom.kernel.errors import AppError
from pressroom.kernel.http.problem import CONTENT_TYPE
from pressroom.kernel.schema import Schema


class ErrorMember(Schema):
    """What programs read: a stable code, words for people, and details per field."""

    code: str
    message: str
    details: dict[str, Any]
    timestamp: str
    request_id: str


class Problem(Schema):
    """An error (RFC 9457). `error.code` is listed in the documentation of errors."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    error: ErrorMember


def failures(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that may fail in these ways."""
    by_status: dict[int, list[str]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(f"`{error.code}`: {error.title}")
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": "; ".join(lines), "content": {CONTENT_TYPE: {"schema": schema}}}
        for status, lines in by_status.items()
    }
