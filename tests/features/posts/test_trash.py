import httpx
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, slugs, write
from tests.plugins.people import Person


async def test_a_deleted_post_comes_back_as_it_was(author: Person, client: httpx.AsyncClient) -> None:
    made = await publish(author, "Kept", content="Every word", tags=["a"])
    assert (await author.delete(f"{POSTS}/kept", headers=at(1))).status_code == 204
    assert await slugs(client) == await slugs(author, POSTS) == []
    assert await slugs(author, POSTS, trash="true") == ["kept"]
    seen = (await author.get(f"{POSTS}/{made['id']}")).json()
    assert seen["deleted_at"] is not None
    restored = (await author.post(f"{POSTS}/{made['id']}/restore")).json()
    assert restored | {"version": 1} == made
    assert (await client.get(f"{PUBLIC}/kept")).json()["content_html"] == "<p>Every word</p>\n"


async def test_the_trash_refuses_changes_and_a_second_restore(author: Person) -> None:
    made = await write(author)
    await author.delete(f"{POSTS}/{made['id']}", headers=at(1))
    for answer in (
        await author.patch(f"{POSTS}/{made['id']}", json={"title": "x"}, headers=at(2)),
        await author.delete(f"{POSTS}/{made['id']}", headers=at(2)),
        await author.post(f"{POSTS}/{made['id']}/publish"),
        await author.put(f"{POSTS}/{made['id']}/draft", json={"based_on": 1}),
    ):
        assert (answer.status_code, code(answer)) == (409, "posts.in_trash")
    assert (await author.post(f"{POSTS}/{made['id']}/restore")).status_code == 200
    again = await author.post(f"{POSTS}/{made['id']}/restore")
    assert (again.status_code, code(again)) == (409, "posts.not_in_trash")


async def test_a_late_delete_deletes_nothing(author: Person) -> None:
    made = await write(author)
    await author.patch(f"{POSTS}/{made['id']}", json={"content": "New words"}, headers=at(1))
    assert (await author.delete(f"{POSTS}/{made['id']}", headers=at(1))).status_code == 412
    assert await slugs(author, POSTS) == ["hello"]


async def test_a_moment_that_passed_in_the_trash_publishes_nothing(author: Person, clock: MovableClock) -> None:
    made = await write(author)
    await author.post(f"{POSTS}/{made['id']}/schedule", json={"at": "2026-03-01T12:05:00Z"})
    await author.delete(f"{POSTS}/{made['id']}", headers=at(2))
    clock.move(minutes=10)
    restored = (await author.post(f"{POSTS}/{made['id']}/restore")).json()
    assert (restored["status"], restored["published"]) == ("draft", "2026-03-01T12:05:00Z")
