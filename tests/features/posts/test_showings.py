"""What readers saw at which public revision, and how two of them differ."""

from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.features.posts.desk import POSTS, at, publish, write
from tests.plugins.people import SEEN, Person

from pressroom.features.posts.showings import (
    Difference,
    Span,
    count_changed_words,
    count_differences,
    differences,
    forget_showings,
)
from pressroom.kernel import revision
from pressroom.kernel.services import Services

SHOWN = "SELECT revision, version FROM post_showings WHERE post_id = :id ORDER BY revision"


async def shown(rows: Any, services: Services, post: dict[str, Any]) -> list[int | None]:
    """The versions at which readers saw a post, one after the other."""
    as_kept = post["id"].replace("-", "") if services.database.is_sqlite else post["id"]
    return [row.version for row in await rows(SHOWN, id=as_kept)]


async def now(services: Services) -> int:
    async with services.reading() as session:
        return await revision.read(session)


async def differing(services: Services, span: Span) -> dict[str, Any]:
    async with services.reading() as session:
        found = await differences(session, span)
        counted = await count_differences(session, span)
    assert [each.kind for each in found] == [kind for kind in Difference for _ in range(counted[kind])]
    return {each.slug: each for each in found}


async def edit(writer: httpx.AsyncClient, post: dict[str, Any], version: int, **fields: Any) -> None:
    saved = await writer.patch(f"{POSTS}/{post['id']}", json=fields, headers=at(version))
    assert saved.status_code == 200, saved.text


async def test_each_change_that_readers_see_is_remembered_with_its_version(
    editor: Person, services: Services, rows: Any
) -> None:
    post = await write(editor, content="one")
    ref = f"{POSTS}/{post['id']}"
    await edit(editor, post, 1, content="two")
    assert await shown(rows, services, post) == [], "readers see no draft"
    await editor.post(f"{ref}/publish")
    await edit(editor, post, 3, content="three")
    await editor.post(f"{ref}/unpublish")
    await edit(editor, post, 5, content="four")
    await editor.post(f"{ref}/publish")
    await editor.patch(ref, json={"visibility": "private"}, headers=at(7))
    await editor.patch(ref, json={"visibility": "public"}, headers=at(8))
    await editor.delete(ref, headers=at(9))
    assert await shown(rows, services, post) == [3, 4, None, 7, None, 9, None]


async def test_posts_that_only_their_surroundings_changed_are_remembered_too(
    author: Person, editor: Person, services: Services, rows: Any
) -> None:
    mine = await publish(author, "Mine")
    await edit(author, mine, 1, slug="moved")
    await publish(editor, "Another", slug="mine")  # takes the old address away
    assert await shown(rows, services, mine) == [1, 2, 2]
    changed = await author.patch("/api/v1/users/me", json={"display_name": "Zoë"}, headers=SEEN)
    assert changed.status_code == 200, changed.text
    assert await shown(rows, services, mine) == [1, 2, 2, 2]


async def test_every_kind_of_difference(editor: Person, services: Services) -> None:
    same, changed, gone, back = [await publish(editor, title) for title in ("Same", "Changed", "Gone", "Back")]
    hidden = await editor.post(f"{POSTS}/{back['id']}/unpublish")
    assert hidden.status_code == 200
    then = await now(services)
    await edit(editor, changed, 1, title="Changed since", slug="changed-address")
    await editor.delete(f"{POSTS}/{gone['id']}", headers=at(1))
    await editor.post(f"{POSTS}/{back['id']}/publish")
    await publish(editor, "Newer")
    fleeting = await publish(editor, "Fleeting")
    await editor.delete(f"{POSTS}/{fleeting['id']}", headers=at(1))
    await write(editor, "A draft")

    since = Span(then, await now(services))
    found = await differing(services, since)
    told = {slug: (each.kind.value, each.version_then, each.version_now, each.words) for slug, each in found.items()}
    assert told == {
        "newer": ("newer", None, 1, True),
        "back": ("brought_back", None, 3, True),
        "changed-address": ("changed", 1, 2, True),
        "gone": ("hidden", 1, None, True),
    }
    assert (found["changed-address"].title_then, found["changed-address"].title_now) == ("Changed", "Changed since")
    assert same["slug"] not in found

    forward = await differing(services, Span(since.now, since.then))
    assert {slug: each.kind.value for slug, each in forward.items()} == {
        "newer": "unseen",
        "back": "hidden",
        "changed-address": "changed",
        "gone": "brought_back",
    }
    assert await differing(services, Span(then, then)) == {}


async def test_a_change_of_standing_is_none_of_words(editor: Person, services: Services) -> None:
    post, other = await publish(editor, "Steady"), await publish(editor, "Edited")
    then = await now(services)
    await editor.post(f"{POSTS}/{post['id']}/unpublish")
    await editor.post(f"{POSTS}/{post['id']}/publish")
    await edit(editor, other, 1, content="New words")
    span = Span(then, await now(services))
    found = await differing(services, span)
    assert (found["steady"].kind, found["steady"].version_now, found["steady"].words) == ("changed", 3, False)
    assert found["edited"].words
    async with services.reading() as session:
        assert await count_changed_words(session, span) == 1
        (page,) = await differences(session, span, limit=1, offset=1)
    assert page.slug == "steady"


async def test_the_answer_costs_the_same_however_much_changed(
    editor: Person, services: Services, queries: list[str]
) -> None:
    then = await now(services)
    for number in range(4):
        await publish(editor, f"Post {number}")
        queries.clear()
        await differing(services, Span(then, then + number + 1))
        assert len(queries) == 2


Steps = st.lists(st.dictionaries(st.integers(0, 2), st.sampled_from([1, 2, None]), min_size=1), max_size=12)


@given(steps=Steps, kept=st.sets(st.integers(0, 14), max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_only_what_no_kept_momentshows_is_forgotten(
    editor: Person, services: Services, steps: list[dict[int, int | None]], kept: set[int]
) -> None:
    posts = await three_posts(editor, services)
    history = [
        {"post": posts[number], "at": place, "version": version}
        for place, step in enumerate(steps, start=1)
        for number, version in step.items()
    ]
    async with services.unit() as unit:
        await unit.session.execute(text("DELETE FROM post_showings"))
        insert = text("INSERT INTO post_showings (post_id, revision, version) VALUES (:post, :at, :version)")
        if history:
            await unit.session.execute(insert, history)
    async with services.unit() as unit:
        count = await forget_showings(unit.session, kept)
    async with services.unit() as unit:
        rows = (await unit.session.execute(text("SELECT post_id, revision FROM post_showings"))).all()
        assert await forget_showings(unit.session, kept) == 0
    needed = {*kept, *range(max(kept), 15)} if kept else set(range(15))
    shown = {
        (post, max(each["at"] for each in history if each["post"] == post and each["at"] <= moment))
        for post in posts
        for moment in needed
        if any(each["post"] == post and each["at"] <= moment for each in history)
    }
    assert {tuple(row) for row in rows} == shown
    assert count == len(history) - len(shown)


async def three_posts(editor: Person, services: Services) -> list[Any]:
    """The ids of three posts as the database keeps them; made once, for all examples."""
    async with services.reading() as session:
        found = list((await session.scalars(text("SELECT id FROM posts ORDER BY id"))).all())
    if found:
        return found
    for number in range(3):
        await write(editor, f"Post {number}")
    return await three_posts(editor, services)
