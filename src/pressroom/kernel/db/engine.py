"""Opening the database.

On SQLite there is one writing connection and several reading ones. The pool of one *is* the queue of
writers: each waits its turn fairly instead of polling SQLite's lock, takes the write lock at once
(`BEGIN IMMEDIATE`), and so never fails half-way because somebody else wrote in between.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from pressroom.kernel.db.failures import named_failures
from pressroom.kernel.db.url import database_url
from pressroom.kernel.events import EventBus
from pressroom.kernel.settings import DatabaseSettings
from pressroom.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from pressroom.kernel.services import Services


class Database:
    """Gives out units of work (writing) and reading sessions. Opened lazily, closed once."""

    def __init__(self, settings: DatabaseSettings, data: Path, bus: EventBus) -> None:
        self.url = database_url(settings.url.get_secret_value(), data)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._bus = bus
        self.writer, self.reader = self._engines(settings)

    def _engines(self, settings: DatabaseSettings) -> tuple[AsyncEngine, AsyncEngine]:
        if self.is_sqlite:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            return sqlite_engines(self.url, settings)
        wait = settings.wait_seconds
        names = {"application_name": "pressroom", "timezone": "UTC", "lock_timeout": f"{int(wait * 1000)}"}
        engine = create_async_engine(
            self.url,
            pool_size=settings.pool_size,
            max_overflow=settings.pool_overflow,
            pool_timeout=wait,
            pool_pre_ping=True,
            connect_args={"timeout": wait, "server_settings": names},
        )
        return engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @asynccontextmanager
    async def unit(self, services: "Services") -> AsyncIterator[UnitOfWork]:
        """One unit of work: commits when the block ends, rolls everything back when it raises.

        Never open one inside another: on SQLite the inner one waits for the outer one in vain.
        """
        session = AsyncSession(self.writer, expire_on_commit=False)
        unit = UnitOfWork(session, self._bus, services)
        try:
            async with named_failures(), session:
                yield unit
                cancelled = await unit.commit()
        except BaseException:
            await unit.ran(committed=False)
            raise
        await unit.ran(committed=True)
        if cancelled:
            raise asyncio.CancelledError

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads, and sees one moment of the database from its first query on."""
        async with named_failures(), AsyncSession(self.reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A reading connection without an ORM session, for the hot path."""
        async with named_failures(), self.reader.connect() as connection:
            yield connection

    async def check(self) -> None:
        """Raises when the database does not answer."""
        async with self.reader.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.writer.dispose()
        if self.is_sqlite:
            await self.reader.dispose()


def sqlite_engines(url: URL, settings: DatabaseSettings) -> tuple[AsyncEngine, AsyncEngine]:
    """The writing engine (one connection) and the reading one."""
    wait = settings.wait_seconds
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=wait, connect_args={"timeout": wait})
    reader = create_async_engine(url, pool_size=4, max_overflow=4, pool_timeout=wait, connect_args={"timeout": wait})
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
