import asyncio

import httpx
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, slugs, write
from tests.plugins.people import Person


async def test_an_address_made_from_a_title_is_numbered_and_one_asked_for_is_not(author: Person) -> None:
    assert [(await write(author, "Same"))["slug"] for _ in range(3)] == ["same", "same-2", "same-3"]
    refused = await author.post(POSTS, json={"title": "Other", "slug": "same-2"})
    assert (refused.status_code, code(refused)) == (409, "posts.slug_taken")
    assert (await write(author, "🎉"))["slug"] == "post"


async def test_many_who_want_one_address_at_the_same_moment_each_get_one(author: Person) -> None:
    made = await asyncio.gather(*(write(author, "Rush", tags=["new", f"n{n % 3}"]) for n in range(6)))
    assert {post["slug"] for post in made} == {"rush", *(f"rush-{number}" for number in range(2, 7))}
    asked = await asyncio.gather(*(author.post(POSTS, json={"title": "x", "slug": "wanted"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in asked) == [201, 409, 409, 409]


async def test_an_old_address_leads_to_the_new_one(author: Person, client: httpx.AsyncClient) -> None:
    made = await publish(author, "First")
    await author.patch(f"{POSTS}/{made['id']}", json={"slug": "second"}, headers=at(1))
    await author.patch(f"{POSTS}/{made['id']}", json={"slug": "第三"}, headers=at(2))
    for old in ("first", "second"):
        moved = await client.get(f"{PUBLIC}/{old}")
        assert (moved.status_code, moved.headers["Location"]) == (308, f"{PUBLIC}/%E7%AC%AC%E4%B8%89")
    assert (await client.get(f"{PUBLIC}/第三")).json()["title"] == "First"
    back = await author.patch(f"{POSTS}/{made['id']}", json={"slug": "first"}, headers=at(3))
    assert back.status_code == 200
    assert (await client.get(f"{PUBLIC}/first")).status_code == 200
    assert (await client.get(f"{PUBLIC}/second")).headers["Location"] == f"{PUBLIC}/first"


async def test_a_drafts_address_leaves_nothing_behind(author: Person, client: httpx.AsyncClient) -> None:
    made = await write(author, "Working title")
    await author.patch(f"{POSTS}/{made['id']}", json={"slug": "final", "draft": False}, headers=at(1))
    assert (await client.get(f"{PUBLIC}/working-title")).status_code == 404
    assert (await write(author, "Working title"))["slug"] == "working-title"


async def test_a_new_title_avoids_an_old_address_and_a_wish_takes_it(author: Person, client: httpx.AsyncClient) -> None:
    made = await publish(author, "First")
    await author.patch(f"{POSTS}/{made['id']}", json={"slug": "moved"}, headers=at(1))
    assert (await publish(author, "First"))["slug"] == "first-2"
    assert (await client.get(f"{PUBLIC}/first")).status_code == 308
    await publish(author, "Another", slug="first")
    assert (await client.get(f"{PUBLIC}/first")).json()["title"] == "Another"


async def test_a_draft_that_wants_an_old_address_has_it_once_it_is_public(
    author: Person, client: httpx.AsyncClient
) -> None:
    made = await publish(author, "First")
    await author.patch(f"{POSTS}/{made['id']}", json={"slug": "moved"}, headers=at(1))
    draft = await write(author, "Another", slug="first")
    other = await write(author, "Third")
    assert (await client.get(f"{PUBLIC}/first")).headers["Location"] == f"{PUBLIC}/moved"
    await author.patch(f"{POSTS}/{draft['id']}", json={"slug": "second"}, headers=at(1))
    await author.patch(f"{POSTS}/{other['id']}", json={"slug": "first"}, headers=at(1))
    assert (await client.get(f"{PUBLIC}/first")).status_code == 308
    await author.post(f"{POSTS}/{other['id']}/publish")
    assert (await client.get(f"{PUBLIC}/first")).json()["title"] == "Third"
    await author.post(f"{POSTS}/{other['id']}/unpublish")
    assert (await client.get(f"{PUBLIC}/first")).status_code == 404


async def test_an_address_in_any_script_is_short_enough_for_a_folder(author: Person) -> None:
    long = "字" * 86
    assert (await author.post(POSTS, json={"title": "A", "slug": long})).status_code == 422
    assert (await write(author, "A", slug=long[:80]))["slug"] == long[:80]


async def test_an_address_of_another_post_is_refused_and_nothing_is_changed(author: Person) -> None:
    await write(author, "Taken")
    made = await write(author, "Mine")
    refused = await author.patch(f"{POSTS}/{made['id']}", json={"slug": "taken", "title": "New"}, headers=at(1))
    assert (refused.status_code, code(refused)) == (409, "posts.slug_taken")
    assert (await author.get(f"{POSTS}/{made['id']}")).json() == made


async def test_the_trash_frees_an_address_and_restoring_numbers_it(author: Person, client: httpx.AsyncClient) -> None:
    first = await publish(author, "Page")
    assert (await author.delete(f"{POSTS}/page", headers=at(1))).status_code == 204
    assert (await client.get(f"{PUBLIC}/page")).status_code == 404
    assert (await publish(author, "Page"))["slug"] == "page"
    restored = (await author.post(f"{POSTS}/{first['id']}/restore")).json()
    assert (restored["slug"], restored["status"]) == ("page-2", "published")
    assert sorted(await slugs(client)) == ["page", "page-2"]
