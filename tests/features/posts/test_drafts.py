import asyncio

import httpx
import pytest
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, slugs, write
from tests.plugins.people import Person

HALF_TYPED = {
    "title": "",
    "content": "Half a sen",
    "published": "2026-0",
    "slug": "No slug yet!",
    "cover": "javascript:",
}


async def test_what_is_typed_is_kept_and_never_shown(author: Person, client: httpx.AsyncClient) -> None:
    made = await publish(author, content="Saved")
    ref = f"{POSTS}/{made['id']}/draft"
    assert code(await author.get(ref)) == "posts.draft_not_found"
    saved = await author.put(ref, json={"based_on": 1, **HALF_TYPED})
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"1"')
    assert saved.json()["draft"] == HALF_TYPED
    assert (await author.get(ref)).json() == saved.json()
    assert (await author.get(f"{POSTS}/{made['id']}")).json() == made
    assert "Half" not in (await client.get(f"{PUBLIC}/hello")).text
    assert await slugs(author, POSTS, q="sen") == []


async def test_a_second_window_overwrites_nothing_it_has_not_seen(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}/draft"
    await author.put(ref, json={"based_on": 1, "content": "one"})
    blind = await author.put(ref, json={"based_on": 1, "content": "blind"})
    assert (blind.status_code, code(blind)) == (428, "request.if_match_missing")
    assert (await author.put(ref, json={"based_on": 1, "content": "two"}, headers=at(1))).json()["counter"] == 2
    late = await author.put(ref, json={"based_on": 1, "content": "mine"}, headers=at(1))
    assert (late.status_code, code(late)) == (412, "posts.draft_changed")
    details = late.json()["error"]["details"]
    assert (details["yours"]["draft"]["content"], details["current"]["draft"]["content"]) == ("mine", "two")


async def test_other_programs_may_autosave_without_a_counter(author: Person) -> None:
    ref = f"/api/admin/posts/{(await write(author))['id']}/draft"
    assert [(await author.put(ref, json={"based_on": 1, "content": "x"})).json()["counter"] for _ in range(2)] == [1, 2]


async def test_each_person_has_a_draft_of_their_own(author: Person, editor: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}/draft"
    await author.put(ref, json={"based_on": 1, "content": "the author's"})
    assert (await editor.get(ref)).status_code == 404
    await editor.put(ref, json={"based_on": 1, "content": "the editor's"})
    assert (await author.get(ref)).json()["draft"] == {"content": "the author's"}


async def test_a_draft_says_when_the_post_went_on_without_it(author: Person) -> None:
    made = await write(author)
    ref = f"{POSTS}/{made['id']}"
    assert (await author.put(f"{ref}/draft", json={"based_on": 1, "content": "x"})).json()["is_stale"] is False
    await author.patch(ref, json={"content": "saved elsewhere"}, headers=at(1))
    stale = (await author.get(f"{ref}/draft")).json()
    assert (stale["is_stale"], stale["based_on"], stale["post_version"]) == (True, 1, 2)


async def test_throwing_a_draft_away_twice_is_fine(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}/draft"
    await author.put(ref, json={"based_on": 1, "content": "x"})
    assert [(await author.delete(ref)).status_code for _ in range(2)] == [204, 204]
    assert (await author.get(ref)).status_code == 404


@pytest.mark.parametrize("end", ["saved", "thrown away"])
async def test_a_window_that_saw_an_earlier_draft_overwrites_no_later_one(author: Person, end: str) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    await author.put(f"{ref}/draft", json={"based_on": 1, "content": "seen by both"})
    if end == "saved":
        assert (await author.post(f"{ref}/publish", json={"take_draft": 1})).status_code == 200
    else:
        assert (await author.delete(f"{ref}/draft")).status_code == 204
    nothing = await author.put(f"{ref}/draft", json={"based_on": 1, "content": "stale"}, headers=at(1))
    assert (nothing.status_code, code(nothing)) == (412, "posts.draft_changed")
    assert nothing.json()["error"]["details"]["yours"]["draft"] == {"content": "stale"}
    assert (await author.get(f"{ref}/draft")).status_code == 404
    assert (await author.put(f"{ref}/draft", json={"based_on": 1, "content": "typed since"})).json()["counter"] == 2
    stale = await author.put(f"{ref}/draft", json={"based_on": 1, "content": "stale"}, headers=at(1))
    assert stale.status_code == 412
    assert (await author.get(f"{ref}/draft")).json()["draft"] == {"content": "typed since"}


async def test_two_first_saves_at_once_are_one_draft(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}/draft"
    typed = [author.put(ref, json={"based_on": 1, "content": text}) for text in ("one", "two", "three")]
    assert sorted(answer.status_code for answer in await asyncio.gather(*typed)) == [200, 428, 428]


async def test_publishing_takes_the_draft_that_was_seen_and_no_other(author: Person, client: httpx.AsyncClient) -> None:
    ref = f"{POSTS}/{(await write(author, content='old'))['id']}"
    await author.put(f"{ref}/draft", json={"based_on": 1, "content": "new", "first_level_category": "Tech"})
    await author.put(f"{ref}/draft", json={"based_on": 1, "content": "newer", "tags": ["a"]}, headers=at(1))
    wrong = await author.post(f"{ref}/publish", json={"take_draft": 1})
    assert (wrong.status_code, code(wrong)) == (412, "posts.draft_changed")
    done = (await author.post(f"{ref}/publish", json={"take_draft": 2})).json()
    assert (done["status"], done["content"], done["tags"], done["first_level_category"]) == (
        "published",
        "newer",
        ["a"],
        None,
    )
    assert (await client.get(f"{PUBLIC}/hello")).json()["content_html"] == "<p>newer</p>\n"
    assert (await author.get(f"{ref}/draft")).status_code == 404, "what is saved is no draft any more"
    gone = await author.post(f"{ref}/publish", json={"take_draft": 2})
    assert (gone.status_code, code(gone)) == (404, "posts.draft_not_found")


async def test_saving_a_draft_that_is_no_post_yet_names_the_fields_and_keeps_it(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    await author.put(f"{ref}/draft", json={"based_on": 1, **HALF_TYPED})
    refused = await author.patch(ref, json={"take_draft": 1}, headers=at(1))
    assert refused.status_code == 422
    pointers = {field["pointer"] for field in refused.json()["error"]["details"]["fields"]}
    assert pointers == {"/title", "/slug", "/published", "/cover"}
    assert (await author.get(f"{ref}/draft")).json()["draft"] == HALF_TYPED
    fixed = {"take_draft": 1, "title": "Now", "slug": "now", "published": None, "cover": None}
    saved = await author.patch(ref, json=fixed, headers=at(1))
    assert saved.status_code == 422, "the fields that are sent stand above the draft, whose own must be right as well"


async def test_a_patch_may_take_the_draft_without_publishing(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    await author.put(f"{ref}/draft", json={"based_on": 1, "content": "typed", "title": "Typed"})
    saved = (await author.patch(ref, json={"take_draft": 1, "title": "Sent"}, headers=at(1))).json()
    assert (saved["content"], saved["title"], saved["status"], saved["version"]) == ("typed", "Sent", "draft", 2)
