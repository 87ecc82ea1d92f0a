"""Opening databases: addresses as people write them, and what their failures mean."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.conftest import make_settings

from pressroom.composition import build_services
from pressroom.kernel.db.base import UtcDateTime
from pressroom.kernel.db.url import database_url
from pressroom.kernel.errors import DatabaseUnavailable
from pressroom.kernel.jobs.models import Job
from pressroom.kernel.services import Services
from pressroom.kernel.settings import DatabaseSettings, Settings, SettingsError
from pressroom.kernel.state import find_value, store_value


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("", "sqlite+aiosqlite:////data/pressroom.db"),
        ("sqlite:////var/x.db", "sqlite+aiosqlite:////var/x.db"),
        ("postgres://u:p@h/n", "postgresql+asyncpg://u:p@h/n"),
        ("postgresql+psycopg2://u@h/n", "postgresql+asyncpg://u@h/n"),
        ("postgresql://u@h/n?sslmode=require", "postgresql+asyncpg://u@h/n?ssl=require"),
    ],
)
def test_addresses_are_understood(written: str, opened: str) -> None:
    assert database_url(written, Path("/data")).render_as_string(hide_password=False) == opened


@pytest.mark.parametrize(
    "written", ["mysql://h/n", "not an address", "sqlite://", "sqlite:///:memory:", "postgres://h:x/n"]
)
def test_others_are_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        database_url(written, Path("/data"))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001  # the point


async def test_moments_come_back_aware_and_in_utc(services: Services) -> None:
    moment = datetime(2026, 3, 1, 20, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    async with services.unit() as unit:
        unit.session.add(Job(id=UUID(int=1), kind="x", arguments={}, state="queued", run_at=moment, created_at=moment))
    async with services.reading() as session:
        job: Any = await session.get(Job, UUID(int=1))
    assert (job.run_at, job.run_at.tzinfo) == (moment, UTC)


async def test_sqlite_is_opened_safely(services: Services) -> None:
    if not services.database.is_sqlite:
        pytest.skip("pragmas are SQLite's")
    async with services.unit() as unit:
        found = {
            pragma: (await unit.session.execute(text(f"PRAGMA {pragma}"))).scalar_one()
            for pragma in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000, "synchronous": 1}


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """The address of a server that takes connections and never answers."""
    over = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        over.set()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "silent", "nobody.invalid"])
async def test_a_server_that_cannot_be_reached_is_named(
    settings: Settings, silent: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def unknown(*_arguments: Any, **_named: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    if address == "nobody.invalid":
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = SecretStr(f"postgresql://u@{silent if address == 'silent' else address}/n")
    nowhere = settings[DatabaseSettings].model_copy(update={"url": url, "wait_seconds": 0.1})
    services = build_services(settings.replacing(nowhere))
    with pytest.raises(DatabaseUnavailable):
        async with services.reading() as session:
            await session.execute(text("SELECT 1"))
    with pytest.raises(DatabaseUnavailable):
        async with services.unit() as unit:
            await unit.session.execute(text("SELECT 1"))
    await services.close()


@pytest.mark.parametrize("failure", [ConnectionRefusedError, TimeoutError, FileNotFoundError])
async def test_what_fails_beside_the_database_is_not_called_its_failure(
    services: Services, failure: type[OSError]
) -> None:
    async def work() -> None:
        async with services.unit() as unit:
            await unit.session.execute(text("SELECT 1"))
            raise failure("a mail server, a disk")

    with pytest.raises(failure):
        await work()


async def test_a_connection_that_broke_is_named_and_the_next_works(services: Services) -> None:
    if services.database.is_sqlite:
        pytest.skip("a file does not hang up")
    with pytest.raises(DatabaseUnavailable):
        async with services.unit() as unit:
            await unit.session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with services.unit() as unit:
        assert (await unit.session.execute(text("SELECT 1"))).scalar_one() == 1


async def test_a_broken_off_write_does_not_keep_the_lock(services: Services) -> None:
    """A cancelled request's traceback holds the driver's cursor; others must be able to write all the same."""
    if not services.database.is_sqlite:
        pytest.skip("PostgreSQL ends a transaction with its connection")
    async with services.unit() as unit:
        await store_value(unit.session, "word", 1)
    async with services.database.writer.connect() as connection:
        await connection.execute(text("SELECT 1"))
        driver: Any = (await connection.get_raw_connection()).driver_connection
        held = await driver.execute("UPDATE settings SET name = 'other' RETURNING name")
        await connection.invalidate()
    async with asyncio.timeout(2), services.unit() as unit:
        await store_value(unit.session, "word", 2)
    async with services.reading() as session:
        assert await find_value(session, "word") == 2
    del held


async def test_what_fails_is_told_without_what_was_stored(services: Services) -> None:
    with pytest.raises(DBAPIError) as failed:
        async with services.unit() as unit:
            await unit.session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "$argon2id$hash"})
    assert "nowhere" in str(failed.value)
    assert "argon2id" not in str(failed.value)


async def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    services = build_services(make_settings(tmp_path))
    async with services.unit() as unit:
        await unit.session.execute(text("CREATE TABLE things (id INTEGER)"))
    try:
        assert {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("pressroom.db*")} == {
            f"pressroom.db{end}": 0 for end in ("", "-wal", "-shm")
        }
    finally:
        await services.close()
