"""Bringing the schema up to date. Two processes that start at once do not collide; SQLite is copied first."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from pressroom.kernel.clock import Clock
from pressroom.kernel.db.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)
ADVISORY_LOCK = 7_264_510_937


class Migrations:
    """The history of the schema, applied to one database."""

    def __init__(self, database: Database, *, data: Path, clock: Clock) -> None:
        self._database = database
        self._data = data
        self._clock = clock

    async def upgrade(self, target: str = "head") -> bool:
        """Applies what is missing. Returns whether anything was.

        Each migration runs in a transaction: a kill leaves the schema at one revision or the next.
        """
        with _only_one(self._data):
            current = await self.current()
            if current == self.head() and target == "head":
                return False
            copy = self._copy_sqlite() if current else None
            await self._run("upgrade", target)
            log.info("database.upgraded", revision=await self.current(), copy=str(copy) if copy else None)
            return True

    async def downgrade(self, target: str) -> None:
        """Goes back to an older revision (`-1`, an id, or `base`)."""
        with _only_one(self._data):
            self._copy_sqlite()
            await self._run("downgrade", target)

    async def current(self) -> str | None:
        """The revision that the database is at."""

        def read(connection: Connection) -> str | None:
            from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  # only around upgrades

            return MigrationContext.configure(connection).get_current_revision()

        async with self._database.reader.connect() as connection:
            return await connection.run_sync(read)

    def head(self) -> str | None:
        """The newest revision that this program knows."""
        from alembic.script import ScriptDirectory  # noqa: PLC0415  # only around upgrades

        return ScriptDirectory.from_config(self._config()).get_current_head()

    async def differences(self) -> list[Any]:
        """What the tables would need to equal the models; empty when all is well."""

        def compare(connection: Connection) -> list[Any]:
            from alembic.autogenerate import compare_metadata  # noqa: PLC0415  # only for checks
            from alembic.runtime.migration import MigrationContext  # noqa: PLC0415  # only for checks

            from pressroom.kernel.db.base import Base  # noqa: PLC0415  # only for checks

            context = MigrationContext.configure(connection, opts={"include_object": _is_ours, "compare_type": True})
            return list(compare_metadata(context, Base.metadata))

        async with self._database.reader.connect() as connection:
            return await connection.run_sync(compare)

    async def _run(self, direction: str, target: str) -> None:
        from alembic import command  # noqa: PLC0415  # only around upgrades

        def migrate(connection: Connection) -> None:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
            config = self._config()
            config.attributes["connection"] = connection
            getattr(command, direction)(config, target)

        engine = create_async_engine(self._database.url) if not self._database.is_sqlite else self._database.writer
        try:
            async with engine.begin() as connection:
                await connection.run_sync(migrate)
        finally:
            if engine is not self._database.writer:
                await engine.dispose()

    def _config(self) -> "Config":
        from alembic.config import Config  # noqa: PLC0415  # only around upgrades

        config = Config()
        config.set_main_option("script_location", str(files("pressroom") / "migrations"))
        return config

    def _copy_sqlite(self) -> Path | None:
        """A copy of the SQLite file as it is now, written whole or not at all."""
        if not self._database.is_sqlite:
            return None
        source = Path(str(self._database.url.database))
        if not source.exists() or source.stat().st_size == 0:
            return None
        folder = self._data / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"before-upgrade-{self._clock.now():%Y%m%dT%H%M%S%fZ}.db"
        draft = copy.with_name(f".{copy.name}.part")
        with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(draft)) as new:
            old.backup(new)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        return draft.rename(copy)


def _is_ours(_thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:  # noqa: FBT001  # Alembic's signature
    belongs_to_search = kind == "table" and reflected and compare_to is None and str(name).startswith("post_search")
    return not belongs_to_search


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / ".upgrade.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
