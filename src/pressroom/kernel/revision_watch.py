"""Knowing the public revision without a query for each request.

The counter in the database is the truth. What stands here only says cheaply whether it may have moved.
"""

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from pressroom.kernel.db.engine import Database

if TYPE_CHECKING:
    import asyncpg

log = structlog.get_logger(__name__)
CHANNEL = "pressroom_public_revision"
PATIENCE = 2.0
ASK_SECONDS = 5.0


class RevisionWatch(Protocol):
    """Tells the current public revision in microseconds."""

    def current(self) -> int | None:
        """The revision that is committed now, or `None` when it cannot be told; then nobody may use a kept answer."""
        ...

    def saw(self, value: int) -> None:
        """This process has just committed that revision."""
        ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...


def revision_watch(database: Database) -> RevisionWatch:
    """The watch that fits the database."""
    return SqliteRevisionWatch(str(database.url.database)) if database.is_sqlite else PostgresRevisionWatch(database)


class SqliteRevisionWatch:
    """Asks `PRAGMA data_version` (2 µs), which changes when any other connection commits; only then the counter."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._value: int | None = None

    async def start(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA query_only=ON")

    def current(self) -> int | None:
        connection = self._connection
        if connection is None:
            return None
        try:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                (self._value,) = connection.execute("SELECT value FROM public_revision").fetchone()
                self._version = version
        except (sqlite3.Error, TypeError):
            return None
        return self._value

    def saw(self, value: int) -> None:
        """Nothing to do: the next look sees the commit."""

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class PostgresRevisionWatch:
    """Listens for the notification that PostgreSQL sends with the commit that moved the counter.

    A connection that broke silently is noticed by asking now and then; until it is back, nothing is told.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._value = 0
        self._listening = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._keep_listening(ready), name="public revision watch")
        with contextlib.suppress(TimeoutError):  # a slow server costs kept answers, not the start
            async with asyncio.timeout(PATIENCE):
                await ready.wait()

    def current(self) -> int | None:
        return self._value if self._listening else None

    def saw(self, value: int) -> None:
        self._value = max(self._value, value)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _keep_listening(self, ready: asyncio.Event) -> None:
        while True:
            try:
                await self._listen(ready)
            except Exception as error:  # noqa: BLE001  # whatever it was, answers are made afresh until it is back
                log.warning("revision_watch.lost", reason=type(error).__name__)
            finally:
                self._listening = False
            await asyncio.sleep(1)

    async def _listen(self, ready: asyncio.Event) -> None:
        connection = await self._connect()
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            self._value = 0  # a restored database may have gone back
            await connection.add_listener(CHANNEL, self._heard)
            while not gone.is_set():
                self.saw(await connection.fetchval("SELECT value FROM public_revision", timeout=PATIENCE))
                self._listening = True
                ready.set()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ASK_SECONDS):
                        await gone.wait()
        finally:
            self._listening = False
            await _close_quietly(connection)

    async def _connect(self) -> "asyncpg.Connection[Any]":
        import asyncpg  # noqa: PLC0415  # only where PostgreSQL is used

        _, arguments = self._database.writer.dialect.create_connect_args(self._database.url)
        return await asyncpg.connect(**arguments, timeout=PATIENCE)

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: Any) -> None:
        self.saw(int(payload))


async def _close_quietly(connection: "asyncpg.Connection[Any]") -> None:
    with contextlib.suppress(OSError, TimeoutError):
        await connection.close(timeout=1)
