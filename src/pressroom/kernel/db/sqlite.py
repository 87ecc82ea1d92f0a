"""Opening SQLite.

There is one writing connection and several reading ones. The pool of one *is* the queue of writers: each waits
its turn fairly instead of polling SQLite's lock, takes the write lock at once (`BEGIN IMMEDIATE`), and so
never fails half-way because somebody else wrote in between.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pressroom.kernel.settings import DatabaseSettings


class ClosedClean(sqlite3.Connection):
    """Ends its transaction before it closes.

    SQLite keeps a closed connection, and its lock, alive for as long as somebody holds one of its cursors. The
    traceback of a cancelled request does, and nobody could write until it was collected.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


def make_private(path: Path) -> None:
    """Makes an empty file that only its owner may read, unless one is there; what SQLite puts beside it is like it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def sqlite_engines(url: URL, settings: DatabaseSettings) -> tuple[AsyncEngine, AsyncEngine]:
    """The writing engine (one connection) and the reading one."""
    wait = settings.wait_seconds
    opening: dict[str, Any] = {"connect_args": {"timeout": wait, "factory": ClosedClean}, "hide_parameters": True}
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=wait, **opening)
    reader = create_async_engine(url, pool_size=4, max_overflow=4, pool_timeout=wait, **opening)
    pragmas = [
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={settings.synchronous}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA temp_store=MEMORY",
        "PRAGMA cache_size=-8000",
    ]
    prepare_sqlite(writer, pragmas, begin="BEGIN IMMEDIATE")
    prepare_sqlite(reader, [*pragmas, "PRAGMA query_only=ON"], begin="BEGIN")
    return writer, reader


def prepare_sqlite(engine: AsyncEngine, pragmas: list[str], *, begin: str) -> None:
    """Makes each connection of an engine ours: its pragmas, and how its transactions begin."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; we do, below
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
