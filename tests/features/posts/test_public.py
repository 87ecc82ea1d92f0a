from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, slugs, write
from tests.plugins.people import Person

from pressroom.features.posts.public_answers import Categories, PublicCard, PublicPost, SearchHit, TagOut
from pressroom.kernel.pagination import Listing


async def library(author: Person) -> None:
    """Posts in two categories with some tags; each a minute apart by its own date."""
    await publish(author, "Oldest", published="2024-01-01T10:00:00Z", tags=["A", "B"], first_level_category="Tech")
    await publish(
        author, "Middle", published="2024-01-02", tags=["B"], first_level_category="Tech", second_level_category="Web"
    )
    await publish(
        author, "Newest", published="2024-01-03", tags=["B", "C++"], first_level_category="生活", author="Guest One"
    )
    await publish(author, "Closed", published="2023-01-01", visibility="members", content="secret words")
    await write(author, "Unseen", tags=["Hidden"], first_level_category="Hidden")


async def test_readers_see_what_is_out_in_the_order_they_ask_for(author: Person, client: httpx.AsyncClient) -> None:
    await library(author)
    for query, expected in (
        ({}, ["newest", "middle", "oldest", "closed"]),
        ({"sort": "published_at"}, ["closed", "oldest", "middle", "newest"]),
        ({"sort": "title"}, ["closed", "middle", "newest", "oldest"]),
        ({"tag": "b"}, ["newest", "middle", "oldest"]),
        ({"tag": "c-plus-plus"}, ["newest"]),
        ({"tag": "hidden"}, []),
        ({"category": "tech"}, ["middle", "oldest"]),
        ({"category": "tech/web"}, ["middle"]),
        ({"category": "sheng-huo"}, ["newest"]),
        ({"author": "guest-one"}, ["newest"]),
        ({"author": "author"}, ["middle", "oldest", "closed"]),
        ({"tag": "b", "category": "tech", "author": "author", "q": "oldest"}, ["oldest"]),
        ({"q": ""}, []),
    ):
        assert await slugs(client, **query) == expected, query


@pytest.mark.parametrize("sort", ["-published_at", "updated_at", "title", "-title"])
async def test_pages_follow_each_other_by_cursor(author: Person, client: httpx.AsyncClient, sort: str) -> None:
    for number in range(5):
        await publish(author, f"Post {number}", published="2024-01-01")  # the same moment, so that the id decides
    everything = await slugs(client, sort=sort)
    seen: list[str] = []
    address: str | None = f"{PUBLIC}?limit=2&sort={sort}"
    while address:
        page = await client.get(address)
        seen += [post["slug"] for post in page.json()["data"]]
        address = page.json()["meta"]["next"]
        assert page.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
        assert page.json()["meta"]["total"] == 5
        if address and len(seen) == 2:
            assert "cursor=" in address
            await publish(author, "000 before everything", published="2024-01-02")
            await author.post(f"{POSTS}/000-before-everything/unpublish")
    assert seen == everything


async def test_pages_follow_each_other_by_offset(author: Person, client: httpx.AsyncClient) -> None:
    await library(author)
    page = (await client.get(PUBLIC, params={"limit": 1, "offset": 1})).json()
    assert (page["data"][0]["slug"], page["meta"]["next"]) == ("middle", f"{PUBLIC}?limit=1&offset=2")
    beyond = (await client.get(PUBLIC, params={"offset": 50})).json()
    assert (beyond["data"], beyond["meta"]) == ([], {"total": 4, "limit": 20, "offset": 50, "next": None})


REFUSED = [
    *("limit=0", "limit=101", "offset=-1", "offset=9999999", "sort=slug", "colour=red", "tag=%00", "q=%00"),
    *("cursor=", "cursor=nonsense", "cursor=WzFd", "cursor=%00", "q=" + "a" * 501),
    "cursor=WyItcHVibGlzaGVkX2F0IiwiMjAyNiIsIngiXQ",
    "sort=title&cursor=WyItcHVibGlzaGVkX2F0IiwiMjAyNi0wMS0wMVQwMDowMDowMCswMDowMCIsIjAwIl0",
    "cursor=WyItcHVibGlzaGVkX2F0IiwiMjAyNi0wMS0wMVQwMDowMDowMCIsIjAxOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5Il0",
    "cursor=abcd&offset=1",
    "q=" + "+".join(f"w{n}" for n in range(40)),
]


async def test_a_list_refuses_what_it_does_not_understand(client: httpx.AsyncClient) -> None:
    for query in REFUSED:
        answer = await client.get(f"{PUBLIC}?{query}")
        assert answer.status_code == 422, f"{query}: {answer.text}"
        assert answer.headers["Content-Type"] == "application/problem+json"


async def test_related_posts_share_tags_and_categories(author: Person, client: httpx.AsyncClient) -> None:
    await library(author)
    assert await slugs(client, f"{PUBLIC}/middle/related") == ["oldest", "newest"]
    assert await slugs(client, f"{PUBLIC}/middle/related", limit=1) == ["oldest"]
    assert await slugs(client, f"{PUBLIC}/closed/related") == []
    for missing in ("unseen", "nothing"):
        answer = await client.get(f"{PUBLIC}/{missing}/related")
        assert (answer.status_code, code(answer)) == (404, "posts.not_found")


async def test_tags_and_categories_count_what_readers_see(author: Person, client: httpx.AsyncClient) -> None:
    await library(author)
    tags = (await client.get("/api/v1/tags")).json()
    assert [(tag["name"], tag["slug"], tag["count"]) for tag in tags["data"]] == [
        ("B", "b", 3),
        ("A", "a", 1),
        ("C++", "c-plus-plus", 1),
    ]
    assert tags["meta"]["total"] == (await client.get("/api/v1/tags?offset=9")).json()["meta"]["total"] == 3
    assert (await client.get("/api/v1/categories")).json() == {
        "data": [
            {"name": "生活", "slug": "sheng-huo", "count": 1, "children": []},
            {"name": "Tech", "slug": "tech", "count": 2, "children": [{"name": "Web", "slug": "web", "count": 1}]},
        ]
    }


async def test_the_bytes_are_what_the_document_says(author: Person, client: httpx.AsyncClient) -> None:
    await library(author)
    shapes: dict[str, type[BaseModel]] = {
        PUBLIC: Listing[PublicCard],
        f"{PUBLIC}/middle": PublicPost,
        f"{PUBLIC}/closed": PublicPost,
        f"{PUBLIC}/middle/related": Listing[PublicCard],
        "/api/v1/search?q=oldest": Listing[SearchHit],
        "/api/v1/tags": Listing[TagOut],
        "/api/v1/categories": Categories,
    }
    for path, shape in shapes.items():
        answer = await client.get(path)
        read = shape.model_validate_json(answer.content)
        assert read.model_dump(mode="json") == answer.json(), path


async def test_an_answer_is_kept_until_something_public_changes(
    author: Person, client: httpx.AsyncClient, queries: list[str]
) -> None:
    made = await publish(author)
    first = await client.get(f"{PUBLIC}/hello")
    queries.clear()
    unchanged = await client.get(f"{PUBLIC}/hello", headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, queries) == (304, [])
    await write(author, "A draft changes nothing")
    queries.clear()
    assert ((await client.get(f"{PUBLIC}/hello")).content, queries) == (first.content, [])
    await author.patch(f"{POSTS}/{made['id']}", json={"content": "new"}, headers=at(1))
    assert (await client.get(f"{PUBLIC}/hello")).json()["content_html"] == "<p>new</p>\n"


async def test_reads_cost_a_fixed_number_of_queries(
    author: Person, client: httpx.AsyncClient, queries: list[str]
) -> None:
    costs: dict[str, set[int]] = {}
    for number in range(3):
        await publish(
            author, f"Post {number}", tags=["shared", f"own {number}"], first_level_category="Tech", content="words"
        )
        for path in (
            PUBLIC,
            f"{PUBLIC}/post-0",
            f"{PUBLIC}/post-0/related",
            "/api/v1/search?q=words",
            "/api/v1/tags",
            "/api/v1/categories",
        ):
            queries.clear()
            assert (await client.get(path)).status_code == 200
            costs.setdefault(path, set()).add(len(queries))
    assert costs == {
        PUBLIC: {1},
        f"{PUBLIC}/post-0": {1},
        f"{PUBLIC}/post-0/related": {2},
        "/api/v1/search?q=words": {1},
        "/api/v1/tags": {1},
        "/api/v1/categories": {1},
    }


async def test_a_change_is_never_dated_before_the_post(
    author: Person, client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await write(author)
    clock.move(minutes=5)
    await author.post(f"{POSTS}/hello/publish")
    post: dict[str, Any] = (await client.get(f"{PUBLIC}/hello")).json()
    assert post["updated_at"] == post["published_at"] == "2026-03-01T12:05:00Z"


@pytest.mark.parametrize("path", [f"{PUBLIC}/hello/related", "/api/v1/categories", "/api/v1/tags", PUBLIC])
async def test_parameters_that_a_list_does_not_know_are_refused(
    author: Person, client: httpx.AsyncClient, path: str
) -> None:
    await publish(author)
    refused = await client.get(path, params={"made_up": "x"})
    assert (refused.status_code, code(refused)) == (422, "request.invalid")
    assert (await client.get(path)).status_code == 200
