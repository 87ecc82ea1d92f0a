import httpx
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, write
from tests.plugins.people import Person


async def test_every_saved_state_is_kept_with_who_and_why(author: Person, editor: Person) -> None:
    made = await write(author, content="one")
    ref = f"{POSTS}/{made['id']}"
    await author.post(f"{ref}/publish")
    await editor.patch(ref, json={"title": "Edited", "content": "two"}, headers=at(2))
    listed = (await author.get(f"{ref}/versions")).json()
    assert listed["meta"]["total"] == 3 - 1, "publishing changes no words"
    assert [(each["version"], each["note"], each["saved_by"]) for each in listed["data"]] == [
        (3, "Edited", str(editor.id)),
        (1, "Created", str(author.id)),
    ]
    assert (await author.get(f"{ref}/versions/1")).json()["content"] == "one"
    assert (await author.get(f"{ref}/versions/2")).json()["content"] == "one", "the state that version 2 had"
    for missing in (4, 99):
        answer = await author.get(f"{ref}/versions/{missing}")
        assert (answer.status_code, code(answer)) == (404, "posts.version_not_found")
    assert (await author.get(f"{ref}/versions/0")).status_code == 422


async def test_any_two_versions_can_be_compared(author: Person) -> None:
    made = await write(author, "Old title", content="same\n\nold line here\n", tags=["a"])
    ref = f"{POSTS}/{made['id']}"
    await author.patch(ref, json={"title": "New title", "content": "same\n\nnew line here\n"}, headers=at(1))
    diff = (await author.get(f"{ref}/versions/diff", params={"old": 1, "new": 2})).json()
    lines = [(line["kind"], line["text"]) for hunk in diff["hunks"] for line in hunk["lines"] if line["kind"] != "same"]
    assert lines == [
        ("removed", "title: Old title"),
        ("added", "title: New title"),
        ("removed", "old line here"),
        ("added", "new line here"),
    ]
    assert (await author.get(f"{ref}/versions/diff", params={"old": 2, "new": 2})).json()["hunks"] == []
    assert (await author.get(f"{ref}/versions/diff", params={"old": 1, "new": 3})).status_code == 404
    assert (await author.get(f"{ref}/versions/diff", params={"old": 1})).status_code == 422


async def test_restoring_saves_the_old_words_as_a_new_version(author: Person, client: httpx.AsyncClient) -> None:
    made = await publish(author, content="good", tags=["kept"], frontmatter={"a": 1})
    ref = f"{POSTS}/{made['id']}"
    change = {"title": "Worse", "content": "bad", "tags": [], "slug": "moved", "frontmatter": {}}
    await author.patch(ref, json=change, headers=at(1))
    assert (await author.post(f"{ref}/versions/1/restore")).status_code == 428
    assert (await author.post(f"{ref}/versions/1/restore", headers=at(1))).status_code == 412
    restored = (await author.post(f"{ref}/versions/1/restore", headers=at(2))).json()
    assert (restored["version"], restored["slug"]) == (3, "moved"), "an address is not turned back"
    same = ("title", "content", "tags", "frontmatter", "status", "published")
    assert {name: restored[name] for name in same} == {name: made[name] for name in same}
    assert (await client.get(f"{PUBLIC}/moved")).json()["content_html"] == "<p>good</p>\n"
    newest = (await author.get(f"{ref}/versions")).json()["data"][0]
    assert newest["note"] == "Restored from version 1"
    assert (await author.post(f"{ref}/versions/9/restore", headers=at(3))).status_code == 404


async def test_a_list_goes_on_at_an_address_in_any_script(author: Person) -> None:
    made = await write(author, slug="你好")
    await author.patch(f"{POSTS}/{made['id']}", json={"content": "two"}, headers=at(1))
    listed = await author.get(f"{POSTS}/你好/versions?limit=1")
    following = f"{POSTS}/%E4%BD%A0%E5%A5%BD/versions?limit=1&offset=1"
    assert (listed.status_code, listed.json()["meta"]["next"]) == (200, following)
    assert listed.headers["Link"] == f'<{following}>; rel="next"'
    assert (await author.get(following)).json()["data"][0]["version"] == 1
