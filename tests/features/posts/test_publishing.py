from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.conftest import START, MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, slugs, write
from tests.plugins.people import Person, SignIn

from pressroom.features.posts.events import PostPublished, PostUnpublished, PublicPostsChanged
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.publishing import publish_due
from pressroom.kernel.auth import Role
from pressroom.kernel.events import Event
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """What was announced, in order."""
    events: list[Event] = []
    announce = UnitOfWork.announce

    async def note(unit: UnitOfWork, event: Event) -> None:
        events.append(event)
        await announce(unit, event)

    monkeypatch.setattr(UnitOfWork, "announce", note)
    return events


async def test_publishing_shows_a_post_at_once_and_twice_is_once(author: Person, client: httpx.AsyncClient) -> None:
    made = await write(author, content="Words")
    first = await author.post(f"{POSTS}/{made['id']}/publish")
    assert (first.json()["status"], first.json()["published_at"], first.json()["version"]) == (
        "published",
        "2026-03-01T12:00:00Z",
        2,
    )
    assert (await client.get(f"{PUBLIC}/hello")).json()["content_html"] == "<p>Words</p>\n"
    assert (await author.post(f"{POSTS}/{made['id']}/publish")).json() == first.json()


@pytest.mark.parametrize("verb", ["unpublish", "archive"])
async def test_taking_back_hides_a_post_at_once_and_keeps_its_date(
    author: Person, client: httpx.AsyncClient, clock: MovableClock, verb: str
) -> None:
    made = await publish(author)
    assert await slugs(client) == ["hello"]
    hidden = (await author.post(f"{POSTS}/{made['id']}/{verb}")).json()
    assert hidden["status"] == ("draft" if verb == "unpublish" else "archived")
    assert (await client.get(f"{PUBLIC}/hello")).status_code == 404
    assert await slugs(client) == []
    clock.move(minutes=5)
    again = (await author.post(f"{POSTS}/{made['id']}/publish")).json()
    assert again["published_at"] == made["published_at"]


async def test_a_date_ahead_means_waiting_for_it(
    author: Person, client: httpx.AsyncClient, clock: MovableClock, runner: Runner
) -> None:
    made = await write(author, published="2026-03-02", draft=False)
    assert (made["status"], made["published"]) == ("scheduled", "2026-03-02")
    await runner.run_until_idle()
    assert await slugs(client) == []
    clock.move(hours=12)
    await runner.run_until_idle()
    assert await slugs(client) == ["hello"]


async def test_a_schedule_moved_later_is_kept_and_moved_earlier_too(
    author: Person, client: httpx.AsyncClient, clock: MovableClock, runner: Runner
) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    for hours in (1, 3, 2):
        moment = (START + timedelta(hours=hours)).isoformat()
        assert (await author.post(f"{ref}/schedule", json={"at": moment})).status_code == 200
    clock.move(hours=1, minutes=30)
    await runner.run_until_idle()
    assert await slugs(client) == []
    clock.move(minutes=30)
    await runner.run_until_idle()
    assert await slugs(client) == ["hello"]


async def test_a_machine_that_slept_catches_up_without_the_moments_job(
    author: Person, client: httpx.AsyncClient, clock: MovableClock, services: Services, rows: Any
) -> None:
    for number in range(3):
        made = await write(author, f"Post {number}")
        await author.post(f"{POSTS}/{made['id']}/schedule", json={"at": f"2026-03-01T1{number + 3}:00:00Z"})
    clock.move(days=3)
    assert await publish_due(services) == 3
    assert await publish_due(services) == 0, "it is idempotent"
    assert await slugs(client) == ["post-2", "post-1", "post-0"], "each has its own moment"


async def test_one_post_that_fails_does_not_keep_the_others_waiting(
    author: Person,
    sign_in: SignIn,
    clock: MovableClock,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    client: httpx.AsyncClient,
) -> None:
    first, second = [await write(author, title, published="2026-03-02", draft=False) for title in ("Bad", "Good")]
    clock.move(days=2)
    reindex = Desk.reindex

    async def fail(desk: Desk, post: Any, *, was: bool) -> None:
        if str(post.id) == first["id"]:
            raise RuntimeError("the index is broken")
        await reindex(desk, post, was=was)

    monkeypatch.setattr(Desk, "reindex", fail)
    with pytest.raises(RuntimeError, match="index is broken"):
        await publish_due(services)
    assert await slugs(client) == [second["slug"]]
    editor = await sign_in(Role.editor)
    assert (await editor.get(f"{POSTS}/bad")).json()["status"] == "scheduled"


async def test_what_was_taken_back_is_not_published_by_its_old_job(
    author: Person, client: httpx.AsyncClient, clock: MovableClock, runner: Runner
) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    await author.post(f"{ref}/schedule", json={"at": "2026-03-01T13:00:00Z"})
    assert (await author.post(f"{ref}/unpublish")).json()["status"] == "draft"
    clock.move(hours=2)
    await runner.run_until_idle()
    assert await slugs(client) == []


async def test_publishing_a_scheduled_post_means_now(author: Person, client: httpx.AsyncClient) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    await author.post(f"{ref}/schedule", json={"at": "2026-04-01T13:00:00Z"})
    assert (await author.post(f"{ref}/publish")).json()["published_at"] == "2026-03-01T12:00:00Z"
    assert await slugs(client) == ["hello"]


async def test_a_schedule_needs_a_moment_that_is_still_to_come(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    past = await author.post(f"{ref}/schedule", json={"at": "2026-03-01T12:00:00Z"})
    assert (past.status_code, code(past)) == (422, "posts.moment_passed")
    for bad in ({"at": "2030-01-01T00:00:00"}, {"at": "tomorrow"}, {}, {"at": None}, {"when": "2030-01-01T00:00:00Z"}):
        assert (await author.post(f"{ref}/schedule", json=bad)).status_code == 422, bad


async def test_redating_a_public_post_into_the_future_hides_it(author: Person, client: httpx.AsyncClient) -> None:
    made = await publish(author)
    moved = await author.patch(f"{POSTS}/{made['id']}", json={"published": "2026-05-01"}, headers=at(1))
    assert moved.json()["status"] == "scheduled"
    assert await slugs(client) == []


async def test_private_posts_are_seen_by_no_reader_and_members_posts_by_their_summary(
    author: Person, client: httpx.AsyncClient
) -> None:
    await publish(author, "Secret", visibility="private", content="hush")
    await publish(author, "Club", visibility="members", content="# Inside\n\nfor members", description="A teaser")
    assert await slugs(client) == ["club"]
    club = (await client.get(f"{PUBLIC}/club")).json()
    assert (club["summary"], club["content_html"], club["headings"]) == ("A teaser", None, [])
    assert "members" not in (await client.get(f"{PUBLIC}/club")).text.replace('"visibility":"members"', "")


async def test_a_move_that_names_a_version_is_refused_when_it_is_late(author: Person) -> None:
    made = await write(author)
    await author.patch(f"{POSTS}/{made['id']}", json={"content": "more"}, headers=at(1))
    for verb in ("publish", "unpublish", "archive"):
        assert (await author.post(f"{POSTS}/{made['id']}/{verb}", headers=at(1))).status_code == 412
    assert (await author.get(f"{POSTS}/{made['id']}")).json()["status"] == "draft"


async def test_listeners_hear_what_readers_see(author: Person, heard: list[Event]) -> None:
    made = await write(author)
    assert heard == [], "a draft is nobody's business"
    ref = f"{POSTS}/{made['id']}"
    await author.post(f"{ref}/publish")
    await author.patch(ref, json={"title": "New"}, headers=at(2))
    await author.post(f"{ref}/unpublish")
    await author.patch(ref, json={"title": "Newer"}, headers=at(4))
    assert [type(event) for event in heard] == [
        *(PostPublished, PublicPostsChanged),
        PublicPostsChanged,
        *(PostUnpublished, PublicPostsChanged),
    ]
    changes = [event for event in heard if isinstance(event, PublicPostsChanged)]
    assert [str(event.post_ids[0]) for event in changes] == [made["id"]] * 3
    revisions = [event.revision for event in changes]
    assert revisions == sorted(set(revisions))
