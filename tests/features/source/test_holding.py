"""Locks on the folder: over coroutines, processes, and the housekeeping of runners."""

import asyncio

from pressroom.features.source.holding import free_to_hold, holding
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
