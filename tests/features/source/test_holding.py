"""Locks on the folder: over coroutines, processes, and the housekeeping of runners."""

import asyncio
from pathlib import Path

import pytest

from pressroom.features.source.holding import free_to_hold, holding
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach_unscanned, detach
from pressroom.kernel.jobs.presence import Presence
from pressroom.kernel.services import Services


async def test_one_at_a_time(services: Services) -> None:
    inside: list[int] = []

    async def work(number: int) -> None:
        async with holding(services, "scan"):
            inside.append(number)
            assert inside == [number]
            await asyncio.sleep(0.01)
            inside.remove(number)

    await asyncio.gather(*(work(number) for number in range(5)))


async def test_a_runner_that_clears_up_after_the_dead_leaves_locks_that_are_waited_for(services: Services) -> None:
    async with holding(services, "write"):
        pass
    presence = Presence(services.settings.data / "run", "somebody")
    presence.announce()
    gone = presence.dead()
    presence.forget(gone)
    presence.withdraw()
    assert gone == set()


async def test_who_comes_second_is_told_that_it_is_taken(services: Services) -> None:
    with free_to_hold(services, "watch") as first, free_to_hold(services, "watch") as second:
        assert (first, second) == (True, False)
    with free_to_hold(services, "watch") as third:
        assert third


@pytest.mark.parametrize("what", ["attach", "detach"])
async def test_a_folder_is_not_exchanged_while_it_is_looked_at(services: Services, attached: Path, what: str) -> None:
    async with holding(services, "scan"):
        act = detach(services) if what == "detach" else attach_unscanned(services, recognise(attached))
        exchange = asyncio.ensure_future(act)
        await asyncio.sleep(0.3)
        assert not exchange.done()
    await asyncio.wait_for(exchange, 10)
