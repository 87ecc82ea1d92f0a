"""Named failures. Each slice declares its own in `errors.py`; one handler writes them all."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar


class AppError(Exception):
    """A failure that the caller is told about.

    Attributes:
        status: the HTTP status.
        code: `slice.reason`, unique in the program and documented in `docs/errors.md`.
        title: one sentence, the same for every occurrence.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something failed on our side"

    def __init__(
        self,
        detail: str | None = None,
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.details = dict(details or {})
        self.headers = dict(headers or {})


class InternalError(AppError):
    """Any exception that nobody named. It never shows what went wrong inside."""


class InvalidRequest(AppError):
    status = 422
    code = "request.invalid"
    title = "Some of what was sent cannot be used"


class MalformedBody(AppError):
    status = 400
    code = "request.malformed"
    title = "The request's body cannot be read"


class BodyTooLarge(AppError):
    status = 413
    code = "request.too_large"
    title = "The request is larger than allowed"


class BadRequest(AppError):
    status = 400
    code = "request.bad"
    title = "The request cannot be understood"


class UnsupportedMediaType(AppError):
    status = 415
    code = "request.unsupported_type"
    title = "This kind of body is not accepted here"


class InvalidCursor(AppError):
    status = 422
    code = "request.invalid_cursor"
    title = "This cursor is not one that a list gave out"


class NotFound(AppError):
    status = 404
    code = "request.not_found"
    title = "There is nothing at this address"


class MethodNotAllowed(AppError):
    status = 405
    code = "request.method_not_allowed"
    title = "This address does not answer this method"


class NotSignedIn(AppError):
    status = 401
    code = "auth.not_signed_in"
    title = "Sign in first"

    def __init__(self, detail: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("headers", {"WWW-Authenticate": "Bearer"})
        super().__init__(detail, **kwargs)


class NotPermitted(AppError):
    status = 403
    code = "auth.not_permitted"
    title = "Your role does not allow this"


class PreconditionRequired(AppError):
    status = 428
    code = "request.if_match_missing"
    title = "Say which version you are changing, in If-Match"


class TooManyRequests(AppError):
    status = 429
    code = "request.too_many"
    title = "Too many requests; wait a little"

    def __init__(self, retry_after: int, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": str(max(1, retry_after))})


class RequestTimedOut(AppError):
    status = 503
    code = "request.timed_out"
    title = "This took longer than a request may take; nothing was changed"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "5"})


class DatabaseBusy(AppError):
    status = 503
    code = "database.busy"
    title = "The database is busy; nothing was changed, try again"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


class DatabaseUnavailable(AppError):
    status = 503
    code = "database.unavailable"
    title = "The database does not answer; look whether it was changed before you try again"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "5"})


class NoRoom(AppError):
    """A disk, or a quota, is full; what was there before is as it was."""

    status = 507


class DatabaseFull(NoRoom):
    code = "database.full"
    title = "The disk of the database is full; nothing was changed. Make room, then try again"


class WorkerDied(AppError):
    code = "jobs.worker_died"
    title = "The process that ran this job died each time it was tried"


class ForeignHost(AppError):
    status = 403
    code = "request.foreign_host"
    title = "In local mode only this machine's own pages may ask"


class CannotStart(Exception):
    """Why the program refuses to start, in words for its operator."""


def every_error() -> Iterator[type[AppError]]:
    """All error classes loaded so far, in the order of their codes."""
    found: set[type[AppError]] = {AppError}
    pending = [AppError]
    while pending:
        for child in pending.pop().__subclasses__():
            if child not in found:
                found.add(child)
                pending.append(child)
    named = {cls for cls in found if "code" in vars(cls) and cls is not AppError} | {InternalError}
    return iter(sorted(named, key=lambda cls: cls.code))
