"""What the database's own failures mean to callers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from pressroom.kernel.errors import AppError, DatabaseBusy, DatabaseFull, DatabaseUnavailable

BUSY_STATES = {"40001", "40P01", "55P03", "53300"}  # serialization, deadlock, lock timeout, too many connections
GONE_STATES = {"57P01", "57P02", "57P03"}  # shutting down, crashed, starting up
NO_ROOM = "53100"


@asynccontextmanager
async def named_failures() -> AsyncIterator[None]:
    """Raises `DatabaseBusy` where trying again helps, `DatabaseFull` where room does, else `DatabaseUnavailable`.

    What only says that a statement was wrong goes through as it is.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseBusy from error
    except DBAPIError as error:
        named = _meaning(error)
        if named is None:
            raise
        raise named from error


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Dialect, _record: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> DBAPIConnection:
    """Here, and only here, a refusal, a silence or an unknown name is the database's and nobody else's."""
    try:
        return dialect.connect(*arguments, **named)
    except OSError as error:
        raise DatabaseUnavailable from error


def _meaning(error: DBAPIError) -> AppError | None:
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in BUSY_STATES or "database is locked" in str(error.orig):
        return DatabaseBusy()
    if state == NO_ROOM or "database or disk is full" in str(error.orig):
        return DatabaseFull()
    lost = error.connection_invalidated or state.startswith("08") or state in GONE_STATES
    return DatabaseUnavailable() if lost else None
