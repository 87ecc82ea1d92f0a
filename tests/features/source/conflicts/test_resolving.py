"""A person decides, over HTTP."""

import asyncio
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from tests.features.source.conflicts.both_sides import CONFLICTS, HELLO, BothSides
from tests.features.source.panel import POSTS, Rows, get, notes
from tests.plugins.people import SignIn

from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner

PANEL, DISK = (HELLO.replace("Two.", f"Two, from the {side}.") for side in ("panel", "disk"))


@pytest.mark.parametrize(("take", "wanted"), [("ours", PANEL), ("theirs", DISK)])
async def test_one_of_the_two_texts_is_taken_and_both_are_kept(
    both: BothSides, rows: Rows, take: str, wanted: str
) -> None:
    conflict = await both.clash()
    done = await both.resolve(conflict, take=take)
    assert done.status_code == 200, done.text
    body = done.json()
    assert (body["resolution"], body["version"], done.headers["etag"]) == (take, 2, '"2"')
    assert body["resolved_by"] == str(both.editor.actor.id)  # type: ignore[attr-defined]  # a Person
    assert both.text == wanted
    assert wanted.endswith((await get(both.editor))["content"])
    texts = [row.content_raw for row in await rows("SELECT content_raw FROM post_versions WHERE title = 'Hello'")]
    assert all(any(side.endswith(each) for each in texts) for side in (PANEL, DISK))
    assert await notes(rows) == ["From disk", "Edited", "From disk", *(["Conflict resolved"] if take == "ours" else [])]
    assert (await scan(both.services)).unchanged == 2
    assert (await both.editor.get(CONFLICTS)).json()["data"] == []


async def test_a_text_of_one_s_own_is_written_with_the_line_ends_of_the_file(both: BothSides, rows: Rows) -> None:
    both.file.write_bytes(HELLO.replace("\n", "\r\n").encode())
    await scan(both.services)
    conflict = await both.clash()
    own = conflict["theirs"].replace("\r\n", "\n").replace("from the disk", "from both")
    done = await both.resolve(conflict, text=own)
    assert (done.status_code, done.json()["resolution"]) == (200, "text")
    assert both.text == own.replace("\n", "\r\n")
    assert (await notes(rows))[-1] == "Conflict resolved"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("---\ntitle: [unclosed\n---\n", "hello.md"),
        (PANEL.replace("Two, from the panel.\n", "<<<<<<< a\nZwei\n=======\nDeux\n>>>>>>> b\n"), "conflict markers"),
        (HELLO.replace("mood: calm", f"title: {'x' * 400}"), "hello.md"),
    ],
)
async def test_a_text_that_cannot_be_a_post_is_refused_and_nothing_changes(
    both: BothSides, own: str, told: str
) -> None:
    conflict = await both.clash()
    refused = await both.resolve(conflict, text=own)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "source.not_a_post")
    assert told in refused.json()["detail"]
    assert both.text == DISK
    assert (await both.conflict())["version"] == conflict["version"]


@pytest.mark.parametrize("body", [{}, {"take": "ours", "text": "x"}, {"take": "mine"}, {"text": ""}, {"taken": "ours"}])
async def test_a_decision_is_one_of_three(both: BothSides, body: dict[str, str]) -> None:
    conflict = await both.clash()
    match = {"If-Match": '"1"'}
    refused = await both.editor.post(f"{CONFLICTS}/{conflict['id']}/resolve", json=body, headers=match)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "request.invalid")


async def test_what_was_seen_must_be_said(both: BothSides) -> None:
    conflict = await both.clash()
    refused = await both.editor.post(f"{CONFLICTS}/{conflict['id']}/resolve", json={"take": "ours"})
    assert refused.status_code == 428
    assert both.text == DISK


async def test_what_was_decided_is_not_decided_again(both: BothSides) -> None:
    conflict = await both.clash()
    assert (await both.resolve(conflict, take="ours")).status_code == 200
    again = await both.resolve(conflict, take="theirs")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "source.conflict_over")
    assert again.json()["error"]["details"]["resolution"] == "ours"
    assert both.text == PANEL


async def test_of_two_who_decide_at_once_one_is_told(both: BothSides, sign_in: SignIn) -> None:
    conflict = await both.clash()
    other = await sign_in(Role.editor, username="other")
    answers = await asyncio.gather(
        both.resolve(conflict, take="ours"), both.resolve(conflict, by=other, text=DISK.replace("disk", "desk"))
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    won = next(each.json() for each in answers if each.status_code == 200)
    assert both.text == (PANEL if won["resolution"] == "ours" else DISK.replace("disk", "desk"))
    assert both.text.endswith((await get(both.editor))["content"])


async def test_a_file_that_was_changed_again_is_not_overwritten(both: BothSides, runner: Runner) -> None:
    conflict = await both.clash()
    both.write("Three.", "Three, later.")
    refused = await both.resolve(conflict, take="ours")
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "source.conflict_changed")
    assert refused.json()["error"]["details"]["current"]["theirs"] == both.text
    assert both.text == DISK.replace("Three.", "Three, later.")
    await runner.run_until_idle()
    assert (await both.resolve(await both.conflict(), take="ours")).status_code == 200
    assert both.text == PANEL


async def test_a_file_that_is_being_merged_by_git_is_mended_first(both: BothSides) -> None:
    conflict = await both.clash()
    both.write("Three.\n", "<<<<<<< a\nDrei\n=======\nTrois\n>>>>>>> b\n")
    assert list((await scan(both.services)).failed) == ["hello.md"]
    refused = await both.resolve(conflict, take="ours")
    assert (refused.status_code, "conflict markers" in refused.json()["detail"]) == (412, True)
    assert "<<<<<<<" in both.text


async def test_a_file_changed_while_the_decision_is_on_its_way_meets_it(
    both: BothSides, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressroom.features.source.conflicts import resolving  # noqa: PLC0415 - patched here

    async def later(self: object) -> None:
        del self

    conflict = await both.clash()
    with monkeypatch.context() as patched:
        patched.setattr(resolving.Resolving, "_finish", later)
        assert (await both.resolve(conflict, take="ours")).status_code == 200
    both.write("Three.", "Three, later.")
    assert (await scan(both.services)).merged == 1
    assert both.text == PANEL.replace("Three.", "Three, later.")


async def test_code_is_decided_by_administrators(
    both: BothSides, attached: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.file.rename(attached / "hello.mdx")
    both.file = attached / "hello.mdx"
    await scan(both.services)
    editor, both.editor = both.editor, await sign_in(Role.admin)
    conflict = await both.clash()
    refused = await both.resolve(conflict, by=editor, take="ours")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "source.code_for_admins")
    assert (await both.resolve(conflict, take="ours")).status_code == 200


async def test_authors_see_and_decide_the_conflicts_of_their_own_posts(both: BothSides, sign_in: SignIn) -> None:
    author, other = await sign_in(Role.author), await sign_in(Role.author, username="other")
    async with both.services.unit() as unit:
        mine = text("UPDATE posts SET author_id = :id WHERE slug = 'hello'")
        is_hex = both.services.database.is_sqlite
        await unit.session.execute(mine, {"id": author.id.hex if is_hex else author.id})
    conflict = await both.clash()
    listed = [(await each.get(CONFLICTS)).json()["data"] for each in (author, other)]
    assert [len(each) for each in listed] == [1, 0]
    assert (await other.get(f"{CONFLICTS}/{conflict['id']}")).status_code == 404
    assert (await both.resolve(conflict, by=other, take="ours")).status_code == 404
    assert (await author.get(f"{CONFLICTS}/{conflict['id']}")).status_code == 200
    assert (await both.resolve(conflict, by=author, take="ours")).status_code == 200
    assert both.text == PANEL


async def test_conflicts_are_for_those_who_write(both: BothSides, client: httpx.AsyncClient, sign_in: SignIn) -> None:
    conflict = await both.clash()
    member = await sign_in(Role.member)
    for path in (CONFLICTS, f"{CONFLICTS}/{conflict['id']}"):
        assert [(await each.get(path)).status_code for each in (client, member)] == [401, 403]
    assert [(await both.resolve(conflict, by=each, take="ours")).status_code for each in (client, member)] == [401, 403]
    assert both.text == DISK


async def test_what_there_is_not_is_not_found(both: BothSides) -> None:
    unknown = {"id": str(uuid4()), "version": 1}
    assert (await both.editor.get(f"{CONFLICTS}/{unknown['id']}")).json()["error"]["code"] == (
        "source.conflict_not_found"
    )
    assert (await both.resolve(unknown, take="ours")).status_code == 404
    assert (await both.editor.get(f"{CONFLICTS}/x")).status_code == 422
    assert (await both.editor.get(CONFLICTS, params={"sort": "x"})).status_code == 422


async def test_the_list_is_paged(both: BothSides, attached: Path) -> None:
    await both.clash()
    both.file, other = attached / "other.md", HELLO.replace("Hello", "Second")
    both.file.write_text(other)
    await scan(both.services)
    post = (await both.editor.get(f"{POSTS}/other")).json()
    assert post["title"] == "Second"
    from tests.features.source.panel import before_its_file  # noqa: PLC0415 - only here

    with before_its_file(both._monkeypatch):
        saved = await both.editor.patch(
            f"{POSTS}/other", json={"title": "Mine"}, headers={"If-Match": f'"{post["version"]}"'}
        )
        assert saved.status_code == 200
    both.write("'Second'", "'Theirs'")
    assert (await scan(both.services)).conflicts == 1
    page = (await both.editor.get(CONFLICTS, params={"limit": 1})).json()
    assert (page["meta"]["total"], page["data"][0]["path"]) == (2, "hello.md")
    last = (await both.editor.get(page["meta"]["next"])).json()
    assert (last["data"][0]["path"], last["data"][0]["post"]["title"], last["meta"]["next"]) == (
        "other.md",
        "Theirs",
        None,
    )


async def test_a_text_that_asks_for_an_address_of_another_post_is_refused(both: BothSides) -> None:
    conflict = await both.clash()
    refused = await both.resolve(conflict, text=DISK.replace("mood: calm", "slug: other"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "posts.slug_taken")
    assert both.text == DISK


async def test_the_conflict_of_a_folder_attached_elsewhere_is_over(both: BothSides, tmp_path: Path) -> None:
    from pressroom.features.source.service import detach  # noqa: PLC0415 - only here

    conflict = await both.clash()
    await detach(both.services)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "a.md").write_text(HELLO.replace("Hello", "A"))
    await attach(both.services, recognise(tmp_path / "second"))
    assert (await both.resolve(conflict, take="ours")).status_code == 409
    assert both.text == DISK
