"""Jobs that wait: joined by key, whole with their transaction, in the order of their moments."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from pressroom.kernel.jobs import JobCatalogue, JobContext, JobKind, NoArguments
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.state import find_value, store_value

Open = Callable[..., Services]


async def nothing(_context: JobContext, _arguments: Any) -> None:
    """Done."""


KIND = JobKind("test.nothing", NoArguments, nothing)


async def enqueue(services: Services, kind: JobKind = KIND, **options: Any) -> UUID:
    async with services.unit() as unit:
        return await unit.enqueue(kind, NoArguments(), **options)


async def test_a_job_shares_the_fate_of_its_transaction(services: Services, rows: Any) -> None:
    async def fail() -> None:
        async with services.unit() as unit:
            await unit.enqueue(KIND, NoArguments())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await rows("SELECT id FROM jobs") == []


async def test_the_same_key_joins_the_job_that_waits(services: Services, rows: Any) -> None:
    first = await enqueue(services, key="build")
    assert await enqueue(services, key="build") == first
    assert await enqueue(services, key="other") != first
    assert len(await rows("SELECT id FROM jobs")) == 2


async def test_joining_brings_the_moment_forward_but_never_back(services: Services, clock: Any, rows: Any) -> None:
    later = clock.now() + timedelta(hours=1)
    await enqueue(services, key="build", run_at=later)
    await enqueue(services, key="build", run_at=later + timedelta(hours=1))
    assert [row.same for row in await rows("SELECT run_at = :at AS same FROM jobs", at=stored(services, later))] == [1]
    await enqueue(services, key="build")
    (row,) = await rows("SELECT run_at = :at AS same FROM jobs", at=stored(services, clock.now()))
    assert row.same


def stored(services: Services, moment: Any) -> Any:
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}" if services.database.is_sqlite else moment


async def test_once_begun_the_key_is_free_again(another: Open, rows: Any) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_context: JobContext, _arguments: Any) -> None:
        begun.set()
        await go_on.wait()

    kind = JobKind("test.hold", NoArguments, hold)
    services = another(kind)
    first = await enqueue(services, kind, key="build")
    working = asyncio.create_task(Runner(services).run_until_idle())
    await asyncio.wait_for(begun.wait(), 5)
    assert await enqueue(services, kind, key="build") != first
    go_on.set()
    await asyncio.wait_for(working, 5)
    assert len(await rows("SELECT id FROM jobs WHERE state = 'succeeded'")) == 2


async def test_many_at_once_with_one_key_make_one_job(another: Open, rows: Any) -> None:
    processes = [another(KIND) for _ in range(3)]
    ids = await asyncio.gather(*(enqueue(each, key="build") for each in processes for _ in range(5)))
    assert len(set(ids)) == 1
    assert len(await rows("SELECT id FROM jobs")) == 1


async def test_a_joined_job_sees_what_joined_it(another: Open) -> None:
    """Whoever joins commits before the job begins, however close the runner was; so no change is missed."""
    seen: list[int] = []

    async def look(context: JobContext, _arguments: Any) -> None:
        async with context.services.reading() as session:
            seen.append(await find_value(session, "number") or 0)

    kind = JobKind("test.look", NoArguments, look)
    writer, worker = another(kind), another(kind)
    runner = Runner(worker)
    working = asyncio.create_task(runner.run())
    for number in range(1, 31):
        async with writer.unit() as unit:
            await store_value(unit.session, "number", number)
            await unit.enqueue(kind, NoArguments(), key="look")
            await asyncio.sleep(0.002 * (number % 4))
    async with asyncio.timeout(10):
        while not seen or seen[-1] != 30:
            await asyncio.sleep(0.01)
    runner.stop()
    await working
    assert seen == sorted(seen)


async def test_a_job_is_not_begun_before_its_moment(another: Open, clock: Any, rows: Any) -> None:
    services = another(KIND)
    await enqueue(services, run_at=clock.now() + timedelta(minutes=10))
    await Runner(services).run_until_idle()
    assert [row.state for row in await rows("SELECT state FROM jobs")] == ["queued"]
    clock.move(minutes=10)
    await Runner(services).run_until_idle()
    assert [row.state for row in await rows("SELECT state FROM jobs")] == ["succeeded"]


async def test_arguments_and_result_survive_the_journey(another: Open, rows: Any) -> None:
    class Words(BaseModel):
        words: str

    async def shout(_context: JobContext, arguments: Words) -> Words:
        return Words(words=arguments.words.upper())

    kind = JobKind("test.shout", Words, shout)
    services = another(kind)
    async with services.unit() as unit:
        await unit.enqueue(kind, Words(words="grüße, 世界"))
    await Runner(services).run_until_idle()
    (row,) = await rows("SELECT result, arguments FROM jobs")
    assert row.arguments in ({}, "{}")  # forgotten: they may hold links that sign people in
    assert "GRÜSSE, 世界" in str(row.result).encode().decode("unicode_escape") or "GRÜSSE, 世界" in str(row.result)


def test_two_kinds_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"test\.nothing"):
        JobCatalogue([KIND, KIND])
