"""git checks another branch out while the program runs: one build there, one build back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.features.site.building.conftest import OwnSite
from tests.plugins.repositories import MakeRepository, Repository

from pressroom.features.site.settings import BuildSettings
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.features.source.watching import keep_watch
from pressroom.kernel.jobs.companions import accompanied
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings, Settings

Rows = Callable[..., Awaitable[list[Any]]]
POSTS = 60
PATIENCE = 60.0


@pytest.fixture
def settings(settings: Settings) -> Settings:
    patient = BuildSettings(quiet_seconds=0.5, install=False)
    return settings.replacing(patient, JobsSettings(embedded=False, poll_seconds=0.1))


@pytest.fixture
async def blog(services: Services, own_site: OwnSite, make_repository: MakeRepository) -> Repository:
    """The site in git, with another branch that has other words in each of its posts."""
    made = make_repository(own_site.root.name)
    made.write(".gitignore", "node_modules/\n")
    for number in range(POSTS):
        own_site.write(f"post-{number}")
    made.commit_all()
    made("checkout", "--quiet", "-b", "other")
    for number in range(POSTS):
        own_site.write(f"post-{number}", mood="changed")
    made.commit_all()
    made("checkout", "--quiet", "main")
    await attach(services, recognise(own_site.root, build="astro build"))
    return made


@asynccontextmanager
async def at_work(services: Services) -> AsyncIterator[None]:
    """A process that does jobs and watches, as `serve` and `worker` do."""
    runner = Runner(services)
    running = asyncio.create_task(runner.run())
    try:
        async with accompanied(services, (keep_watch,)):
            yield
    finally:
        runner.stop()
        await running


async def test_a_checkout_is_one_build_there_and_one_back(
    services: Services, own_site: OwnSite, blog: Repository, rows: Rows
) -> None:
    live = services.settings.data / "site" / "current" / "posts" / f"post-{POSTS - 1}" / "index.html"

    async def shows(words: str, *, is_there: bool) -> None:
        async with asyncio.timeout(PATIENCE):
            while not live.exists() or (words in live.read_text()) is not is_there:
                await asyncio.sleep(0.05)
            while await rows("SELECT id FROM jobs WHERE state IN ('queued', 'running')"):
                await asyncio.sleep(0.05)

    async with at_work(services):
        await shows("mood: changed", is_there=False)
        assert own_site.builds == 1
        for branch, is_changed, builds in (("other", True, 2), ("main", False, 3)):
            git = await asyncio.create_subprocess_exec("git", "checkout", "--quiet", branch, cwd=blog.top)
            await git.wait()
            await shows("mood: changed", is_there=is_changed)
            assert own_site.builds == builds
    pages = list(live.parents[1].glob("post-*/index.html"))
    assert len(pages) == POSTS
    assert not [page for page in pages if "mood: changed" in page.read_text()]
