"""Posts that came with their words alone: hidden from readers until they are whole, newest first, never half."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, slugs
from tests.plugins.people import Person

from pressroom.features.posts import workers
from pressroom.features.posts.feature import FEATURE
from pressroom.features.posts.service import typesetting
from pressroom.features.posts.service.arrivals import Arrivals
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.typesetting import Typesetting, ask_for_typesetting
from pressroom.features.posts.service.writing import Prepared
from pressroom.features.posts.typeset import House, address
from pressroom.features.posts.words import Words
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

BODY = "## A part\n\nSome **words** about presses.\n"
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


async def bring(services: Services, *words: Words, draft: bool = False) -> list[UUID]:
    """Writes posts with their words alone."""
    house = House.of(services.settings)
    prepared = [Prepared(words=each, made=None, slug=address(each, house), draft=draft) for each in words]
    async with services.unit() as unit:
        desk = Desk(services, unit)
        posts = await Arrivals(desk).take_in(desk.house_writer(), prepared)
    return [post.id for post in posts]


def post(title: str, content: str = BODY, *, day: int = 0, **more: Any) -> Words:
    return Words(title=title, content=content, published=FIRST_DAY + timedelta(days=day), **more)


async def typeset_all(services: Services) -> list[tuple[int, int]]:
    """Makes everything whole; returns what was told meanwhile."""
    heard: list[tuple[int, int]] = []

    async def told(done: int, total: int) -> None:
        heard.append((done, total))

    await Typesetting(services).all(told)
    return heard


async def test_readers_see_nothing_of_a_post_until_it_is_whole(
    services: Services, client: httpx.AsyncClient, editor: Person, clock: MovableClock, runner: Runner, rows: Any
) -> None:
    await bring(services, post("One", tags=("Ink",), first_category="Craft"), post("Two", visibility="members"))
    for nothing in (PUBLIC, "/api/v1/tags", "/api/v1/search?q=presses"):
        assert (await client.get(nothing)).json()["data"] == []
    assert sorted(await slugs(editor, POSTS)) == ["one", "two"], "whoever writes sees the row at once"
    clock.move(minutes=1)
    await runner.run_until_idle()
    assert set(await slugs(client)) == {"one", "two"}
    [one] = (await client.get(PUBLIC, params={"tag": "ink"})).json()["data"]
    assert (one["summary"], one["readingMetadata"]) == ("Some words about presses.", {"time": 1, "wordCount": 6})
    assert await slugs(client, "/api/v1/search", q="presses") == ["one"]
    counts = await rows("SELECT version, word_count FROM post_versions")
    assert [tuple(row) for row in counts] == [(1, 6), (1, 6)]
    assert (await rows("SELECT count(*) AS left_over FROM posts WHERE NOT is_typeset"))[0].left_over == 0


async def test_a_post_that_is_asked_for_by_its_address_is_whole_at_once(
    services: Services, client: httpx.AsyncClient, rows: Any
) -> None:
    await bring(services, post("One"), post("Two", tags=("a",)), post("Three", tags=("a",)))
    found = await client.get(f"{PUBLIC}/one")
    assert found.status_code == 200
    assert "<strong>words</strong>" in found.json()["content_html"]
    assert [heading["text"] for heading in found.json()["headings"]] == ["A part"]
    assert (await client.get(f"{PUBLIC}/two/related")).status_code == 200
    whole = await rows("SELECT slug FROM posts WHERE is_typeset ORDER BY slug")
    assert [row.slug for row in whole] == ["one", "two"], "the others wait for their turn"
    assert sorted(await slugs(client)) == ["one", "two"]


@pytest.mark.parametrize("hidden", ["draft", "private", "scheduled", "archived", "trash"])
async def test_what_readers_may_not_see_is_not_shown_by_asking_for_it(
    services: Services, client: httpx.AsyncClient, editor: Person, clock: MovableClock, hidden: str
) -> None:
    day = (clock.now() - FIRST_DAY).days + 2 if hidden == "scheduled" else 0
    visibility = {"visibility": "private"} if hidden == "private" else {}
    await bring(services, post("Secret", day=day, **visibility), draft=hidden == "draft")
    if hidden == "archived":
        assert (await editor.post(f"{POSTS}/secret/archive")).json()["status"] == "archived"
    if hidden == "trash":
        await editor.delete(f"{POSTS}/secret", headers=at(1))
    assert (await client.get(f"{PUBLIC}/secret")).status_code == 404
    await typeset_all(services)
    assert (await client.get(f"{PUBLIC}/secret")).status_code == 404
    assert (await client.get("/api/v1/search?q=presses")).json()["data"] == []


async def test_whoever_writes_gets_a_whole_post(services: Services, editor: Person, rows: Any) -> None:
    await bring(services, post("Read"), post("Edited"), post("Withdrawn"), draft=False)
    read = (await editor.get(f"{POSTS}/read")).json()
    assert ("<strong>words</strong>" in read["content_html"], read["readingMetadata"]["wordCount"]) == (True, 6)
    edited = await editor.patch(f"{POSTS}/edited", json={"content": "Just two"}, headers=at(1))
    assert (edited.json()["version"], edited.json()["readingMetadata"]["wordCount"]) == (2, 2)
    withdrawn = (await editor.post(f"{POSTS}/withdrawn/unpublish")).json()
    assert (withdrawn["status"], "<strong>words</strong>" in withdrawn["content_html"]) == ("draft", True)
    versions = "SELECT v.word_count FROM post_versions v JOIN posts p ON p.id = v.post_id WHERE p.slug = 'edited'"
    assert [row.word_count for row in await rows(f"{versions} ORDER BY v.version")] == [6, 2]


async def test_a_preview_shows_the_whole_post(services: Services, client: httpx.AsyncClient, editor: Person) -> None:
    await bring(services, post("Draft"), draft=True)
    link = (await editor.post(f"{POSTS}/draft/preview-links")).json()["url"]
    page = await client.get(httpx.URL(link).raw_path.decode())
    assert page.status_code == 200
    assert "<strong>words</strong>" in page.text


async def test_the_newest_are_whole_first(
    services: Services, rows: Any, monkeypatch: pytest.MonkeyPatch, clock: MovableClock
) -> None:
    monkeypatch.setattr(typesetting, "BATCH", 2)
    monkeypatch.setattr(typesetting, "FIRST", 1)
    days = [3, 9, 1, 8, 5, 2]
    await bring(services, *(post(f"Day {day}", day=day) for day in days))
    await bring(services, Words(title="No date", content=BODY), draft=True)
    told = await typeset_all(services)
    assert told == [(1, 7), (3, 7), (5, 7), (7, 7)]
    order = await rows("SELECT slug, public_revision AS turn FROM posts WHERE public_revision IS NOT NULL ORDER BY 2")
    turns: dict[int, set[str]] = {}
    for row in order:
        turns.setdefault(row.turn, set()).add(row.slug)
    assert list(turns.values()) == [{"day-9"}, {"day-8", "day-5"}, {"day-3", "day-2"}, {"day-1"}]


async def test_processes_share_the_work_and_it_is_the_same(
    services: Services, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "FEW", 0)
    monkeypatch.setattr(typesetting, "BATCH", 3)
    await bring(services, *(post(f"Post {day}", f"Number {day}, 第{day}篇。", day=day) for day in range(12)))
    await typeset_all(services)
    made = {row.slug: row for row in await rows("SELECT slug, content_html, word_count, lang FROM posts")}
    assert {slug: row.content_html for slug, row in made.items()} == {
        f"post-{day}": f"<p>Number {day}, 第{day}篇。</p>\n" for day in range(12)
    }
    assert {row.word_count for row in made.values()} == {5}


async def test_a_text_that_cannot_be_rendered_stands_as_it_was_typed_and_stops_nobody(
    services: Services, client: httpx.AsyncClient
) -> None:
    await bring(services, post("Deep", "> " * 200 + "<script>", day=1), post("Fine"))
    await typeset_all(services)
    assert (await client.get(f"{PUBLIC}/deep")).json()["content_html"].endswith("&gt; &lt;script&gt;</pre>\n")
    assert (await client.get(f"{PUBLIC}/fine")).status_code == 200


async def test_two_at_once_do_it_once(services: Services, rows: Any) -> None:
    import asyncio  # noqa: PLC0415  # only here

    ids = await bring(services, *(post(f"Post {day}", day=day) for day in range(5)))
    await asyncio.gather(typeset_all(services), typeset_all(services), Typesetting(services).now(ids[:3]))
    assert len(await rows("SELECT id FROM posts WHERE is_typeset AND public_at IS NOT NULL")) == 5
    assert len(await rows("SELECT id FROM post_versions")) == 5


async def test_many_batches_ask_for_one_job_and_its_log_says_how_far_it_is(
    services: Services, runner: Runner, rows: Any, clock: MovableClock
) -> None:
    for number in range(3):
        await bring(services, *(post(f"Post {number} {day}", day=day) for day in range(10)))
    jobs = "SELECT state, progress, message FROM jobs WHERE kind = 'posts.typeset'"
    assert [row.state for row in await rows(jobs)] == ["queued"]
    await runner.run_until_idle()
    assert [row.state for row in await rows(jobs)] == ["queued"], "more may come; it waits a moment"
    asked = await ask_for_typesetting(services)
    assert asked is not None
    await runner.run_until_idle()
    assert [tuple(row) for row in await rows(jobs)] == [("succeeded", 1.0, "30 of 30 posts typeset")]
    lines = await rows(
        "SELECT message, progress FROM job_events WHERE job_id = :id ORDER BY id", id=_id(services, asked)
    )
    assert [(row.message, round(row.progress, 2)) for row in lines] == [
        ("20 of 30 posts typeset", 0.67),
        ("30 of 30 posts typeset", 1.0),
    ]
    assert await ask_for_typesetting(services) is None


async def test_a_start_asks_for_what_a_crash_left(services: Services, runner: Runner, rows: Any) -> None:
    await bring(services, post("Left"))
    async with services.unit() as unit:
        await unit.session.execute(text("DELETE FROM jobs"))
    assert FEATURE.on_start is not None
    await FEATURE.on_start(services)
    await runner.run_until_idle()
    assert [row.is_typeset for row in await rows("SELECT is_typeset FROM posts")] in ([True], [1])


async def test_what_is_left_is_found_by_its_index_alone(services: Services, rows: Any) -> None:
    await bring(services, post("Left"))
    if not services.database.is_sqlite:
        return
    plan = await rows(
        "EXPLAIN QUERY PLAN SELECT id FROM posts WHERE NOT is_typeset ORDER BY published_at DESC NULLS LAST"
    )
    assert [row.detail for row in plan] == ["SCAN posts USING INDEX ix_posts_untypeset"]


async def test_a_scheduled_post_whose_moment_comes_while_it_waits_goes_out_whole(
    services: Services, client: httpx.AsyncClient, runner: Runner, clock: MovableClock
) -> None:
    day = (clock.now() - FIRST_DAY).days + 1
    await bring(services, post("Later", day=day))
    clock.move(days=2)
    assert (await client.get(f"{PUBLIC}/later")).status_code == 404
    await runner.run_until_idle()
    assert "<strong>words</strong>" in (await client.get(f"{PUBLIC}/later")).json()["content_html"]


async def test_an_address_that_is_taken_is_numbered_or_refused_as_ever(services: Services, rows: Any) -> None:
    await bring(services, post("Same"))
    await bring(services, post("Same"), post("Same"))
    assert _slugs(await rows("SELECT slug FROM posts ORDER BY slug")) == ["same", "same-2", "same-3"]


def _slugs(found: Iterable[Any]) -> list[str]:
    return [row.slug for row in found]


def _id(services: Services, found: UUID) -> Any:
    return found.hex if services.database.is_sqlite else found
