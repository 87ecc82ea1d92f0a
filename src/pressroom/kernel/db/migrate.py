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
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from pressroom.kernel.clock import Clock
from pressroom.kernel.db.engine import Database
from pressroom.kernel.db.sqlite import make_private, prepare_sqlite
from pressroom.kernel.errors import CannotStart

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)
FOLDER = Path(str(files("pressroom") / "migrations"))
ADVISORY_LOCK = 7_264_510_937


class Migrations:
    """The history of the schema, applied to one database."""

    def __init__(self, database: Database, *, data: Path, clock: Clock) -> None:
        self._database = database
        self._data = data
        self._clock = clock

    async def prepare(self, *, upgrade: bool) -> None:
        """What each start does: upgrades the schema, or only looks where that is left to an operator.

        Raises:
            CannotStart: the schema is not the one that this program works with.
        """
        if upgrade:
            await self.upgrade()
            return
        current = await self._known_current()
        if current != self.head():
            raise CannotStart(
                f"The database's schema is at {current or 'nothing'}, this program needs {self.head()}, and "
                "database.auto_upgrade is off. Run: pressroom db upgrade"
            )

    async def upgrade(self, target: str = "head") -> bool:
        """Applies what is missing. Returns whether anything was.

        All that is missing is one transaction: a kill or a failure leaves the schema as it was.

        Raises:
            CannotStart: a newer program has upgraded this database; nothing was changed.
        """
        with _only_one(self._data):
            before = await self._known_current()
            if before == self.head() and target == "head":
                return False
            copy = self._copy_sqlite()
            await self._run("upgrade", target)
            after = await self.current()
            log.info("database.upgraded", revision=after, copy=str(copy) if copy else None)
            return before != after

    async def downgrade(self, target: str) -> None:
        """Goes back to an older revision (`-1`, an id, or `base`)."""
        with _only_one(self._data):
            await self._known_current()
            self._copy_sqlite()
            await self._run("downgrade", target)

    async def current(self) -> str | None:
        """The revision that the database is at."""

        def read(connection: Connection) -> str | None:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found

        async with self._database.reader.connect() as connection:
            return await connection.run_sync(read)

    async def _known_current(self) -> str | None:
        current = await self.current()
        if current is not None and current not in self._known():
            raise CannotStart(
                f"The database's schema is at {current}, which this program does not know: a newer one has upgraded "
                "it. Nothing was changed. Start that newer program, or restore a backup made before its upgrade."
            )
        return current

    def _known(self) -> set[str]:
        """Each migration's file begins with its revision, so that a start need not load Alembic to know them."""
        return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}

    def head(self) -> str | None:
        """The newest revision that this program knows."""
        return max(self._known(), default=None)

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
        engine = self._engine()
        try:
            async with engine.begin() as connection:
                await connection.run_sync(lambda sync: self._migrate(sync, direction, target))
        finally:
            await engine.dispose()

    def _engine(self) -> AsyncEngine:
        """Its own engine; on SQLite without foreign keys, as rebuilding a table would delete what refers to it."""
        engine = create_async_engine(self._database.url, poolclass=NullPool, hide_parameters=True)
        if self._database.is_sqlite:
            prepare_sqlite(engine, ["PRAGMA journal_mode=WAL", "PRAGMA foreign_keys=OFF"], begin="BEGIN IMMEDIATE")
        return engine

    def _migrate(self, connection: Connection, direction: str, target: str) -> None:
        from alembic import command  # noqa: PLC0415  # only around upgrades

        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        config = self._config()
        config.attributes["connection"] = connection
        getattr(command, direction)(config, target)
        if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("The migration left rows that refer to nothing; everything was taken back.")

    def _config(self) -> "Config":
        from alembic.config import Config  # noqa: PLC0415  # only around upgrades

        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        return config

    def _copy_sqlite(self) -> Path | None:
        """A copy of the SQLite file as it is now, written whole or not at all."""
        if not self._database.is_sqlite:
            return None
        source = Path(str(self._database.url.database))
        if not _has_tables(source):
            return None
        folder = self._data / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        copy = folder / f"before-upgrade-{self._clock.now():%Y%m%dT%H%M%S%fZ}.db"
        draft = copy.with_name(f".{copy.name}.part")
        make_private(draft)
        with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(draft)) as new:
            old.backup(new)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        return draft.rename(copy)


def _has_tables(path: Path) -> bool:
    if not path.exists():
        return False
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


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
