"""One unit of work: all or nothing, and what follows its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event, text

from pressroom.composition import build_services
from pressroom.kernel.errors import DatabaseBusy, DatabaseFull
from pressroom.kernel.events import Event, EventBus, Subscription
from pressroom.kernel.services import Services
from pressroom.kernel.settings import DatabaseSettings
from pressroom.kernel.state import find_value, store_value
from pressroom.kernel.uow import UnitOfWork


async def value(services: Services, name: str = "word") -> Any:
    async with services.reading() as session:
        return await find_value(session, name)


async def test_a_unit_is_stored_whole(services: Services) -> None:
    async with services.unit() as unit:
        await store_value(unit.session, "word", "kept")
    assert await value(services) == "kept"


async def test_an_exception_takes_everything_back(services: Services) -> None:
    async def fail() -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "word", "lost")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await value(services) is None


async def test_what_follows_runs_in_order_once_all_is_durable(services: Services) -> None:
    followed: list[Any] = []

    async def first() -> None:
        followed.append(await value(services))

    async def broken() -> None:
        raise RuntimeError("a follow-up that fails changes nothing")

    async def last() -> None:
        async with services.unit() as unit:  # the connection is free again
            await store_value(unit.session, "word", "after")
        followed.append("last")

    async with services.unit() as unit:
        await store_value(unit.session, "word", "kept")
        for action in (first, broken, last, first):
            unit.after_commit(action)
        unit.after_rollback(broken)
    assert followed == ["kept", "last"]  # the same action once
    assert await value(services) == "after"


async def test_a_fact_that_must_survive_the_error_does(services: Services) -> None:
    async def remember() -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "failed", 1)

    async def fail() -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "word", "lost")
            unit.after_rollback(remember)
            unit.after_commit(pytest.fail)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert (await value(services), await value(services, "failed")) == (None, 1)


@dataclass(frozen=True, slots=True)
class WordSaid(Event):
    word: str


async def test_a_listener_shares_the_transaction(services: Services) -> None:
    async def hear(_services: Services, unit: UnitOfWork, said: WordSaid) -> None:
        await store_value(unit.session, "heard", said.word)
        if said.word == "no":
            raise PermissionError

    services.database._bus = EventBus([Subscription(WordSaid, hear)])

    async def say(word: str) -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "word", word)
            await unit.announce(WordSaid(word))

    await say("yes")
    with pytest.raises(PermissionError):
        await say("no")
    assert (await value(services), await value(services, "heard")) == ("yes", "yes")


@asynccontextmanager
async def slow_commits(services: Services, begun: asyncio.Event) -> AsyncIterator[None]:
    """Commits take a moment, as on a slow disk."""
    engine = services.database.writer.sync_engine

    def pause(_connection: Any) -> None:
        begun.set()

    event.listen(engine, "commit", pause)
    yield
    event.remove(engine, "commit", pause)


async def test_a_commit_that_has_begun_is_seen_to_its_end(services: Services) -> None:
    """Cancelled while it commits: the row is there, what follows has run, and the caller knows it was cancelled."""
    followed: list[str] = []
    begun = asyncio.Event()

    async def follow() -> None:
        followed.append("yes")

    async def write() -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "word", "kept")
            unit.after_commit(follow)

    async with slow_commits(services, begun):
        writing = asyncio.create_task(write())
        await asyncio.wait_for(begun.wait(), 5)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
    assert await value(services) == "kept"
    assert followed == ["yes"]


async def test_cancelled_writers_do_not_lose_the_connection(services: Services) -> None:
    """On SQLite there is one: writers that are cancelled while they wait or write must give it back."""

    async def write(number: int) -> None:
        async with services.unit() as unit:
            await store_value(unit.session, f"word {number}", number)
            await asyncio.sleep(0.005)
            await store_value(unit.session, "word", number)

    tasks = [asyncio.create_task(write(number)) for number in range(30)]
    for number, task in enumerate(tasks):
        await asyncio.sleep(0.002)
        if number % 2:
            tasks[number // 2].cancel()
        del task
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(3), services.unit() as unit:
        await store_value(unit.session, "word", "at last")
    assert await value(services) == "at last"


async def test_writers_wait_their_turn_and_then_say_busy(services: Services, settings: Any, clock: Any) -> None:
    if not services.database.is_sqlite:
        pytest.skip("PostgreSQL has as many writers as connections")
    impatient = settings[DatabaseSettings].model_copy(update={"wait_seconds": 0.2})
    hurried = build_services(settings.replacing(impatient), clock=clock)

    async def write(services: Services) -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "word", "other")

    async with hurried.unit() as unit:
        await store_value(unit.session, "word", "first")
        with pytest.raises(DatabaseBusy):  # the same process: the pool is the queue
            await write(hurried)
        beside = build_services(settings.replacing(impatient), clock=clock)
        with pytest.raises(DatabaseBusy):  # another process: SQLite's own lock
            await write(beside)
    assert await value(hurried) == "first"
    await beside.close()
    await hurried.close()


async def test_a_full_disk_is_named_and_changes_nothing(services: Services) -> None:
    async def write(words: str, *refuse: str) -> None:
        async with services.unit() as unit:
            await store_value(unit.session, "word", words)
            for statement in refuse:
                await unit.session.execute(text(statement))

    await write("before")
    if services.database.is_sqlite:
        await write("before", "PRAGMA max_page_count = 1")  # no page more than there are
        with pytest.raises(DatabaseFull):
            await write("x" * 1_000_000)
    else:
        with pytest.raises(DatabaseFull):
            await write("after", "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$")
    assert await value(services) == "before"


async def test_reading_sees_one_moment_and_cannot_write(services: Services) -> None:
    async with services.unit() as unit:
        await store_value(unit.session, "word", "before")
    async with services.reading() as session:
        assert await find_value(session, "word") == "before"
        async with services.unit() as unit:
            await store_value(unit.session, "word", "after")
        session.expunge_all()
        assert await find_value(session, "word") == "before"

    async def write() -> None:
        async with services.reading() as session:
            await store_value(session, "word", "sneaked in")
            await session.commit()

    with pytest.raises(Exception, match=r"read-?only"):
        await write()
    assert await value(services) == "after"
