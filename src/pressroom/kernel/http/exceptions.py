"""The one handler that writes every failure."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from pressroom.kernel.clock import Clock
from pressroom.kernel.errors import (
    AppError,
    BadRequest,
    InternalError,
    InvalidRequest,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    NotPermitted,
    NotSignedIn,
    UnsupportedMediaType,
)
from pressroom.kernel.http.problem import CONTENT_TYPE, encode, problem

log = structlog.get_logger(__name__)
BY_STATUS: dict[int, type[AppError]] = {
    error.status: error
    for error in (BadRequest, NotSignedIn, NotPermitted, NotFound, MethodNotAllowed, UnsupportedMediaType)
}


def add_exception_handlers(app: FastAPI, clock: Clock) -> None:
    """Makes the application answer every exception with a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        return respond(request, named(error), clock)

    for kind in (AppError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handle)


def respond(request: Request, error: AppError, clock: Clock) -> Response:
    """The answer for a failure."""
    request_id = request.scope.get("request_id", "")
    body = problem(error, instance=request.url.path, request_id=request_id, clock=clock)
    return Response(encode(body), status_code=type(error).status, headers=error.headers, media_type=CONTENT_TYPE)


def named(error: BaseException) -> AppError:
    """The named failure behind an exception; one that nobody named is logged and told without its inside."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    log.error("request.failed", exc_info=error)
    return InternalError()


def _from_http(error: HTTPException) -> AppError:
    if isinstance(error.__cause__, AppError):
        return error.__cause__
    cls = BY_STATUS.get(error.status_code)
    if cls is None:
        log.error("request.unnamed_status", status=error.status_code)
        return InternalError()
    standard = HTTPStatus(error.status_code).phrase
    detail = error.detail if error.detail != standard else None
    return cls(detail, headers=error.headers or {}) if error.headers else cls(detail)


def _invalid(error: RequestValidationError) -> AppError:
    problems = error.errors()
    if any(item["type"] == "json_invalid" for item in problems):
        return MalformedBody("The body is not valid JSON.")
    fields = [_field(item) for item in problems[:50]]
    named_fields = ", ".join(dict.fromkeys(field["pointer"] or field["in"] for field in fields))
    return InvalidRequest(f"Check: {named_fields}."[:500], details={"fields": fields})


def _field(item: Any) -> dict[str, str]:
    place, *path = item["loc"] or ("body",)
    pointer = "".join(f"/{_escape(str(part))}" for part in path)
    return {"in": str(place), "pointer": pointer[:500], "message": _message(item), "type": item["type"]}


def _message(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "This field is not known here; check its spelling."
    return str(item["msg"]).removeprefix("Value error, ")[:500]


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
