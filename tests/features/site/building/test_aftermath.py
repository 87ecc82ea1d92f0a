"""Files of the site that change while it is built: edits are built again, and what the build writes itself is not."""

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.site.building.conftest import OwnSite

from pressroom.features.site.building.aftermath import MOST_IN_A_ROW
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

ROUNDS = MOST_IN_A_ROW + 3


class Rounds:
    """Some minutes, each with the jobs that are due in it."""

    def __init__(self, runner: Runner, clock: MovableClock) -> None:
        self._runner, self._clock = runner, clock

    async def __call__(self, count: int = ROUNDS) -> None:
        for _ in range(count):
            self._clock.move(minutes=1)
            await self._runner.run_until_idle()


@pytest.fixture
async def rounds(attached: OwnSite, runner: Runner, clock: MovableClock) -> Rounds:
    await runner.run_until_idle()
    assert attached.builds == 1
    return Rounds(runner, clock)


def at_the_end_of_a_build(site: OwnSite, line: str) -> None:
    """Has the generator do one thing more, and changes the layout so that it is called."""
    tool = site.root / "node_modules/.bin/astro"
    tool.write_text(f"{tool.read_text()}\n{line}\n")
    (site.root / "layout.html").write_text("<h1>Redone</h1>\n")


async def test_a_layout_that_is_changed_during_a_build_goes_live_with_the_next(
    attached: OwnSite, client: httpx.AsyncClient, rounds: Rounds
) -> None:
    (attached.root / ".saved-meanwhile").write_text("<h1>Latest</h1>\n")
    at_the_end_of_a_build(attached, "[ -f .saved-meanwhile ] && mv .saved-meanwhile layout.html; true")
    await rounds(1)
    assert "Redone" in (await client.get("/")).text
    await rounds()
    assert "Latest" in (await client.get("/")).text
    assert attached.builds == 3


async def test_a_layout_that_is_changed_during_build_after_build_ends_up_live(
    attached: OwnSite, client: httpx.AsyncClient, rounds: Rounds
) -> None:
    for number in range(MOST_IN_A_ROW):
        (attached.root / f".save-{number}").write_text(f"<h1>Save {number}</h1>\n")
    at_the_end_of_a_build(attached, 'set -- .save-*; [ -f "$1" ] && mv "$1" layout.html; true')
    await rounds()
    assert f"Save {MOST_IN_A_ROW - 1}" in (await client.get("/")).text
    assert attached.builds == 1 + 1 + MOST_IN_A_ROW


async def test_what_a_build_writes_into_the_folder_is_learnt_with_one_build_more(
    attached: OwnSite, rounds: Rounds
) -> None:
    at_the_end_of_a_build(attached, "cat src/content/posts/*.md > search-index.txt")
    await rounds()
    assert attached.builds == 3
    attached.write("hello", mood="calm")
    await rounds()
    assert attached.builds == 4


async def test_what_each_build_writes_anew_does_not_have_it_built_for_ever(
    attached: OwnSite, client: httpx.AsyncClient, rounds: Rounds
) -> None:
    at_the_end_of_a_build(attached, "echo $$ >> built.txt")
    await rounds()
    assert attached.builds == 2 + MOST_IN_A_ROW
    (attached.root / "layout.html").write_text("<h1>Once more</h1>\n")
    await rounds()
    assert attached.builds == 3 + MOST_IN_A_ROW
    assert "Once more" in (await client.get("/")).text


async def test_names_that_no_database_can_hold_are_no_obstacle(
    services: Services, attached: OwnSite, client: httpx.AsyncClient, rounds: Rounds
) -> None:
    at_the_end_of_a_build(attached, "touch $(printf 'caf\\351.txt')")
    await rounds()
    assert "Redone" in (await client.get("/")).text
    assert attached.builds == 3
