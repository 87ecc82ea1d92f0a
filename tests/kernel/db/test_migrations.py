"""The schema's history: equal to the models, there and back again, whole or not at all."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import text

from pressroom.composition import build_services
from pressroom.kernel.db.base import Base
from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.errors import CannotStart
from pressroom.kernel.services import Services
from pressroom.kernel.settings import DatabaseSettings, Settings
from pressroom.kernel.state import store_value
from pressroom.main import create_app


@pytest.fixture
async def empty_database(request: pytest.FixtureRequest, database_environ: dict[str, str], tmp_path: Path) -> Any:
    """Where a database is that has no tables yet: one of its own, on either kind."""
    if "DATABASE_URL" not in database_environ:
        (tmp_path / "pressroom.db").unlink()
        yield {}
        return
    name = f"pressroom_empty_{id(request)}"
    server = await asyncpg.connect(database_environ["DATABASE_URL"])
    await server.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield {"DATABASE_URL": database_environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"}
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


@pytest.fixture
async def empty(empty_database: dict[str, str], settings: Settings, clock: Any) -> AsyncIterator[Services]:
    url = SecretStr(empty_database.get("DATABASE_URL", ""))
    there = settings[DatabaseSettings].model_copy(update={"url": url})
    built = build_services(settings.replacing(there), clock=clock)
    yield built
    await built.close()


def migrations(services: Services) -> Migrations:
    return Migrations(services.database, data=services.settings.data, clock=services.clock)


def copies(services: Services) -> list[Path]:
    return sorted((services.settings.data / "backups").glob("*"))


async def test_the_tables_equal_the_models(services: Services) -> None:
    assert await migrations(services).differences() == []


async def test_there_and_back_again(empty: Services) -> None:
    history = migrations(empty)
    assert await history.upgrade()
    assert await history.differences() == []
    await history.downgrade("base")
    async with empty.reading() as session:
        tables = await session.run_sync(lambda sync: set(sync.get_bind().dialect.get_table_names(sync.connection())))
    assert not tables & set(Base.metadata.tables)
    assert await history.upgrade()
    assert await history.differences() == []
    assert not await history.upgrade()


async def test_each_step_back_can_be_taken_alone(empty: Services) -> None:
    history = migrations(empty)
    await history.upgrade()
    while await history.current() is not None:
        await history.downgrade("-1")
    await history.upgrade()
    assert await history.differences() == []


async def test_the_file_is_copied_before_it_is_changed_if_it_holds_anything(empty: Services) -> None:
    await migrations(empty).upgrade()
    assert copies(empty) == []
    async with empty.unit() as unit:
        await store_value(unit.session, "word", "precious")
    await migrations(empty).downgrade("0001")
    if not empty.database.is_sqlite:
        assert copies(empty) == []
        return
    (copy,) = copies(empty)
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT value FROM settings").fetchone() == ('"precious"',)
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_migration_that_fails_leaves_everything_as_it_was(
    empty: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = command.upgrade

    def break_at_the_end(config: Any, target: str) -> None:
        upgrade(config, target)
        raise OSError("the power went")

    monkeypatch.setattr(command, "upgrade", break_at_the_end)
    with pytest.raises(OSError, match="power"):
        await migrations(empty).upgrade()
    monkeypatch.undo()
    assert await migrations(empty).current() is None
    assert await migrations(empty).upgrade()


async def test_a_migration_may_not_orphan_rows(empty: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    if not empty.database.is_sqlite:
        pytest.skip("PostgreSQL checks foreign keys by itself, always")

    def orphan(config: Any, _target: str) -> None:
        connection = config.attributes["connection"]
        connection.execute(text("INSERT INTO job_events VALUES (1, 'nowhere', '2026-01-01', 0, 'alone')"))

    await migrations(empty).upgrade()
    monkeypatch.setattr(command, "upgrade", orphan)
    with pytest.raises(RuntimeError, match="refer to nothing"):
        await migrations(empty).upgrade("+0")


@pytest.mark.e2e
async def test_two_processes_upgrade_at_once(empty: Services, empty_database: dict[str, str], tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from pressroom.composition import *;"
        "from pressroom.kernel.db.migrate import Migrations; import os;"
        "data = Path(sys.argv[1]); s = build_services(read_settings(os.environ, folder=data, data=data));"
        "print(asyncio.run(Migrations(s.database, data=data, clock=s.clock).upgrade()))"
    )
    folders = [tmp_path, tmp_path if empty.database.is_sqlite else tmp_path / "another machine"]
    folders[1].mkdir(exist_ok=True)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            env={**os.environ, **empty_database},
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder in folders
    ]
    said = [(await asyncio.to_thread(process.communicate, timeout=60))[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], said
    assert await migrations(empty).differences() == []


async def refused(services: Services) -> str:
    """What the server says when it starts with these services."""
    app = create_app(services)
    inbox: asyncio.Queue[Any] = asyncio.Queue()
    outbox: asyncio.Queue[Any] = asyncio.Queue()
    inbox.put_nowait({"type": "lifespan.startup"})
    with pytest.raises(CannotStart):
        await app({"type": "lifespan", "asgi": {}, "state": {}}, inbox.get, outbox.put)
    message = outbox.get_nowait()
    assert message["type"] == "lifespan.startup.failed"
    return str(message["message"])


async def test_without_auto_upgrade_an_old_schema_is_not_served(empty: Services, settings: Settings) -> None:
    await migrations(empty).upgrade("0001")
    manual = empty.settings[DatabaseSettings].model_copy(update={"auto_upgrade": False})
    services = build_services(empty.settings.replacing(manual), clock=empty.clock)
    said = await refused(services)
    await services.close()
    assert "Run: pressroom db upgrade" in said
    assert "Traceback" not in said


async def test_a_database_of_a_newer_program_is_left_alone(empty: Services) -> None:
    await migrations(empty).upgrade()
    async with empty.unit() as unit:
        await unit.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = await refused(empty)
    assert "9999" in said
    assert "newer" in said
    for attempt in (migrations(empty).upgrade(), migrations(empty).downgrade("base")):
        with pytest.raises(CannotStart, match="9999"):
            await attempt
    assert copies(empty) == []
