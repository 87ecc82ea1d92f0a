"""Structured logs: JSON lines for machines, readable ones on a terminal, a new file each day when asked."""

import logging
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import orjson
import structlog

from pressroom.kernel.clock import Clock, SystemClock
from pressroom.kernel.daily_file import DailyFile
from pressroom.kernel.settings import LogSettings, Settings

# Without the values of variables: a password on its way through a failing function is one of them.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
SECRET_WORDS = ("password", "secret", "token", "authorization", "api_key", "cookie")


def configure_logs(settings: Settings, *, clock: Clock | None = None) -> None:
    """Sends everything that is logged, libraries' lines included, to one place in one shape."""
    log = settings[LogSettings]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(log)]
    handler = _handler(log, clock or SystemClock())
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(log.level)
    logging.captureWarnings(capture=True)
    for chatty in ("uvicorn.access", "alembic", "watchfiles.main"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def access_writer(settings: Settings) -> Callable[[bytes], None]:
    """Where ready-made lines of the access log go: beside all other lines."""
    del settings

    def write(lines: bytes) -> None:
        handler = next(iter(logging.getLogger().handlers), None)
        if not isinstance(handler, logging.StreamHandler):
            return
        with suppress(OSError, ValueError), handler.lock or nullcontext():  # a closed log costs lines, not answers
            if isinstance(handler, DailyFile):
                handler.turn_over()
            stream = handler.stream or sys.stderr
            stream.write(lines.decode())
            stream.flush()

    return write


def _rendering(log: LogSettings) -> list[Any]:
    as_text = log.format == "text" or (log.format == "auto" and not log.file and sys.stderr.isatty())
    if as_text:
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [
        _TRACEBACKS,
        structlog.processors.JSONRenderer(serializer=lambda event, **_: orjson.dumps(event, default=str).decode()),
    ]


def _handler(log: LogSettings, clock: Clock) -> "logging.StreamHandler[Any]":
    if not log.file:
        return logging.StreamHandler(sys.stderr)
    path = Path(log.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    return DailyFile(path, keep_days=log.keep_days, clock=clock)


def _hide_secrets(_logger: Any, _method: str, event: Any) -> Any:
    event.pop("color_message", None)  # uvicorn's line once more, with colours
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "(hidden)"
    return event
