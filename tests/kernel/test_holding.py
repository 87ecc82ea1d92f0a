import asyncio

from pressroom.kernel.holding import SUFFIX, holding
from pressroom.kernel.jobs.presence import Presence
from pressroom.kernel.services import Services


async def test_whoever_comes_second_waits_for_the_first(services: Services) -> None:
    order: list[str] = []
    first_holds, first_may_go = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with holding(services, "press"):
            first_holds.set()
            await first_may_go.wait()
            order.append("first")

    async def second() -> None:
        await first_holds.wait()
        asyncio.get_running_loop().call_soon(first_may_go.set)
        async with holding(services, "press"):
            order.append("second")

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]


async def test_another_name_is_another_lock(services: Services) -> None:
    async with asyncio.timeout(5), holding(services, "press"), holding(services, "bindery"):
        pass


async def test_no_runner_takes_a_lock_that_nobody_holds_for_a_dead_one(services: Services) -> None:
    async with holding(services, "press"):
        pass
    run = services.settings.data / "run"
    presence = Presence(run, "somebody")
    assert presence.dead() == set()
    assert (run / f"press{SUFFIX}").exists()
