import asyncio
from typing import Any

import httpx
import pytest
from tests.features.posts.desk import POSTS, PUBLIC, at, slugs
from tests.plugins.people import Person

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.posts.welcome import decline_welcome_post, ensure_welcome_post
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings, SiteSettings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=True), SiteSettings(title="The Proof"))


async def test_a_new_publication_greets_its_first_reader(client: httpx.AsyncClient) -> None:
    welcome = (await client.get(f"{PUBLIC}/welcome")).json()
    assert (welcome["title"], welcome["author"]) == ("Welcome", {"name": "The Proof", "handle": "the-proof"})


async def test_two_that_start_at_once_greet_once(services: Services, client: httpx.AsyncClient) -> None:
    await asyncio.gather(*(ensure_welcome_post(services) for _ in range(3)))
    assert await slugs(client) == ["welcome"]


async def test_a_welcome_that_was_thrown_away_does_not_come_back(
    services: Services, editor: Person, author: Person, client: httpx.AsyncClient
) -> None:
    assert (await author.delete(f"{POSTS}/welcome", headers=at(1))).status_code == 404, "it is nobody's own"
    assert (await editor.delete(f"{POSTS}/welcome", headers=at(1))).status_code == 204
    await ensure_welcome_post(services)
    assert await slugs(client) == []


async def test_a_publication_with_posts_of_its_own_declines_it(services: Services, client: httpx.AsyncClient) -> None:
    async with services.unit() as unit:
        await decline_welcome_post(services, unit)
    assert await slugs(client) == []
    await ensure_welcome_post(services)
    assert await slugs(client) == []


async def test_a_welcome_that_was_made_ones_own_stays(
    services: Services, editor: Person, client: httpx.AsyncClient
) -> None:
    assert (await editor.patch(f"{POSTS}/welcome", json={"title": "Mine"}, headers=at(1))).status_code == 200
    async with services.unit() as unit:
        await decline_welcome_post(services, unit)
    assert await slugs(client) == ["welcome"]


async def test_a_fresh_one_is_not_greeted_after_declining(services: Services, rows: Any) -> None:
    async with services.unit() as unit:
        await decline_welcome_post(services, unit)
    await ensure_welcome_post(services)
    assert await rows("SELECT id FROM posts") == []


async def test_it_greets_in_the_publications_language(services: Services, rows: object) -> None:
    chinese = services.settings.replacing(SiteSettings(language="zh"))
    object.__setattr__(services, "settings", chinese)
    await ensure_welcome_post(services)
    async with services.reading() as session:
        from pressroom.features.posts.repository import PostRepository  # noqa: PLC0415

        assert (await PostRepository(session).get("welcome")).lang == "zh"
