"""What every cache promises."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from pressroom.adapters.cache_memory import MemoryCache
from pressroom.kernel.ports import Cache

MAKERS: dict[str, Callable[[Any], Cache]] = {"memory": MemoryCache}


@pytest.fixture(params=MAKERS)
async def cache(request: pytest.FixtureRequest, clock: Any) -> AsyncIterator[Cache]:
    made = MAKERS[request.param](clock)
    yield made
    await made.close()


async def test_a_value_lives_for_its_time(cache: Cache, clock: Any) -> None:
    assert await cache.get("a") is None
    await cache.set("a", b"\x00bytes", ttl=10)
    clock.move(seconds=9.9)
    assert await cache.get("a") == b"\x00bytes"
    clock.move(seconds=0.1)
    assert await cache.get("a") is None


async def test_setting_again_replaces_value_and_time(cache: Cache, clock: Any) -> None:
    await cache.set("a", b"1", ttl=10)
    await cache.set("a", b"2", ttl=100)
    clock.move(seconds=50)
    assert await cache.get("a") == b"2"


async def test_a_counter_counts_within_the_time_of_its_first_addition(cache: Cache, clock: Any) -> None:
    assert [await cache.add("n", ttl=10), await cache.add("n", 5, ttl=10)] == [1, 6]
    clock.move(seconds=6)
    assert await cache.add("n", -2, ttl=10) == 4
    clock.move(seconds=6)
    assert await cache.add("n", ttl=10) == 1


async def test_deleting(cache: Cache) -> None:
    await cache.set("a", b"1", ttl=10)
    await cache.delete("a")
    await cache.delete("a")
    assert await cache.get("a") is None


async def test_it_answers(cache: Cache) -> None:
    await cache.check()


async def test_memory_is_bounded(clock: Any) -> None:
    cache = MemoryCache(clock, budget=100_000)
    for number in range(1000):
        await cache.set(f"key {number}", b"x" * 1000, ttl=100)
    await cache.set("huge", b"x" * 50_000, ttl=100)
    assert await cache.get("key 999") is not None
    assert await cache.get("key 0") is None
    assert await cache.get("huge") is None
