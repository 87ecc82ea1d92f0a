"""Opening the database, and giving out what writes and what reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from pressroom.kernel.db.failures import named_failures
from pressroom.kernel.db.sqlite import make_private, sqlite_engines
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
            make_private(Path(str(self.url.database)))
            return sqlite_engines(self.url, settings)
        wait = settings.wait_seconds
        names = {"application_name": "pressroom", "timezone": "UTC", "lock_timeout": f"{int(wait * 1000)}"}
        engine = create_async_engine(
            self.url,
            pool_size=settings.pool_size,
            max_overflow=settings.pool_overflow,
            pool_timeout=wait,
            pool_pre_ping=True,
            hide_parameters=True,
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
