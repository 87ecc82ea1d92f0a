"""Fixtures that every test may use: a clock to move, a database of its own, the whole application."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import hypothesis
import pytest
from sqlalchemy import text

from pressroom.composition import SECTIONS, build_services
from pressroom.features import FEATURES
from pressroom.kernel.db.base import Base
from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.http.front_door import FrontDoor
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings, load_settings
from pressroom.main import create_app

pytest_plugins = [
    "tests.plugins.people",
    "tests.plugins.publication",
    "tests.plugins.repositories",
    "tests.plugins.limits",
]
# The same examples on every run there, so that a red build is somebody's change; laptops go on looking for new ones.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")
POSTGRES = os.environ.get("PRESSROOM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def pytest_collection_finish() -> None:
    """What was loaded by now stays: to look for garbage in it, again and again, would be a fifth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def move(self, **by: float) -> None:
        self._now += timedelta(**by)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


def make_settings(data: Path, **environ: str) -> Settings:
    base = {
        "PRESSROOM_ENVIRONMENT": "test",
        "PRESSROOM_JOBS__EMBEDDED": "false",
        "PRESSROOM_HTTP__ACCESS_LOG": "false",
        "PRESSROOM_HTTP__RATE_PER_SECOND": "100000",
        "PRESSROOM_HTTP__RATE_BURST": "100000",
        "PRESSROOM_DATABASE__SYNCHRONOUS": "normal",
    }
    return load_settings(SECTIONS, environ=base | environ, folder=data, data=data)


async def migrate(settings: Settings, clock: MovableClock) -> None:
    services = build_services(settings, clock=clock)
    try:
        await Migrations(services.database, data=settings.data, clock=clock).upgrade()
    finally:
        await services.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies."""
    data = tmp_path_factory.mktemp("template")
    asyncio.run(migrate(make_settings(data), MovableClock()))
    return data / "pressroom.db"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """A migrated PostgreSQL database of this worker's own."""
    name = f"pressroom_test_{worker_id}_{os.getpid()}"

    async def make() -> None:
        connection = await asyncpg.connect(POSTGRES, timeout=5)
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        await connection.close()

    try:
        asyncio.run(make())
    except OSError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL at {POSTGRES}: {error}")
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    asyncio.run(migrate(make_settings(tmp_path_factory.mktemp("pg"), DATABASE_URL=url), MovableClock()))
    return url


@pytest.fixture(scope="session", autouse=True)
def _drop_postgres_databases(worker_id: str) -> Iterator[None]:
    yield

    async def drop() -> None:
        connection = await asyncpg.connect(POSTGRES, timeout=5)
        name = f"pressroom_test_{worker_id}_{os.getpid()}"
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()

    try:
        asyncio.run(drop())
    except OSError:
        return  # no server, so no database to drop


@pytest.fixture(params=["sqlite", "postgresql"])
def database_environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """What points the settings at a fresh, migrated database; every test that uses it runs on both kinds."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        asyncio.run(_empty(url))
        return {"DATABASE_URL": url}
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pressroom.db")
    return {}


async def _empty(url: str) -> None:
    names = [table.name for table in Base.metadata.sorted_tables if table.name != "public_revision"]
    connection = await asyncpg.connect(url)
    await connection.execute(f"TRUNCATE {', '.join(names)} CASCADE")
    await connection.execute("UPDATE public_revision SET value = 1")
    await connection.close()


@pytest.fixture
def settings(tmp_path: Path, database_environ: dict[str, str]) -> Settings:
    return make_settings(tmp_path, **database_environ)


@pytest.fixture
async def services(settings: Settings, clock: MovableClock) -> AsyncIterator[Services]:
    built = build_services(settings, clock=clock)
    yield built
    await built.close()


@asynccontextmanager
async def started(app: FrontDoor) -> AsyncIterator[None]:
    """Runs an application's start-up and shut-down around a block, as a server does."""
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outbox: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.create_task(app(scope, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    answer = await outbox.get()
    assert answer["type"] == "lifespan.startup.complete", answer
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await outbox.get()
        await task


@pytest.fixture
async def app(services: Services) -> AsyncIterator[FrontDoor]:
    """The whole server, started, without the embedded runner."""
    built = create_app(services)
    async with started(built):
        yield built


@pytest.fixture
async def client(app: FrontDoor) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous visitor."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as visitor:
        yield visitor


@pytest.fixture
def runner(services: Services) -> Runner:
    """Runs jobs when a test says `await runner.run_until_idle()`."""
    return Runner(services, tuple(schedule for feature in FEATURES for schedule in feature.schedules))


@pytest.fixture
async def rows(services: Services) -> Any:
    """Runs plain SQL for looking at what is stored."""

    async def query(sql: str, **values: Any) -> list[Any]:
        async with services.reading() as session:
            return list((await session.execute(text(sql), values)).all())

    return query
