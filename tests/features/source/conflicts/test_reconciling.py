"""A post is saved, and its file is changed on disk in that very moment."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.source.conflicts.both_sides import CONFLICTS, HELLO, BothSides, replace
from tests.features.source.panel import POSTS, Rows, before_its_file, get, notes, save

from pressroom.features.source import scanning, service
from pressroom.features.source.conflicts import reconciling
from pressroom.features.source.conflicts.events import ConflictEnded, PostConflicted
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach, detach
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services


async def test_changes_that_do_not_touch_are_both_in_the_file_and_in_the_post(both: BothSides, rows: Rows) -> None:
    report = await both.change(here=("One.", "One, from the panel."), on_disk=("Three.", "Three, from the disk."))
    assert (report.merged, report.conflicts, report.updated) == (1, 0, 0)
    wanted = HELLO.replace("One.", "One, from the panel.").replace("Three.", "Three, from the disk.")
    assert both.text == wanted
    assert wanted.endswith((await get(both.editor))["content"])
    assert await notes(rows) == ["From disk", "Edited", "From disk", "Merged"]
    again = await scan(both.services)
    assert (again.merged, again.updated, again.unchanged) == (0, 0, 2)
    assert (await both.editor.get(CONFLICTS)).json()["data"] == []


async def test_comments_and_layout_of_the_disk_stay_when_front_matter_is_merged(
    both: BothSides, editor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_its_file(monkeypatch):
        assert (await save(editor, title="Good morning")).status_code == 200
    both.write("tags: [Python, web]\n", "# what it is about\ntags:\n  - Python\n  - web\n")
    assert (await scan(both.services)).merged == 1
    assert both.text == HELLO.replace("'Hello'", "'Good morning'").replace(
        "tags: [Python, web]\n", "# what it is about\ntags:\n  - Python\n  - web\n"
    )


async def test_a_draft_that_was_published_in_that_moment_is_out_with_the_words_from_the_disk(
    both: BothSides, editor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await editor.post(f"{POSTS}/hello/unpublish")).status_code == 200
    with before_its_file(monkeypatch):
        assert (await editor.post(f"{POSTS}/hello/publish")).status_code == 200
    both.write("Two.", "Two, from the disk.")
    assert (await scan(both.services)).merged == 1
    post = await get(editor)
    assert (post["status"], "from the disk" in post["content"], "draft: false" in both.text) == (
        "published",
        True,
        True,
    )


async def test_the_same_change_on_both_sides_is_one_change(both: BothSides, rows: Rows) -> None:
    report = await both.change(here=("Two.", "Zwei."), on_disk=("Two.", "Zwei."))
    assert (report.merged, report.conflicts) == (0, 0)
    assert both.text == HELLO.replace("Two.", "Zwei.")
    assert await notes(rows) == ["From disk", "Edited"]
    assert [row.ours for row in await rows("SELECT ours FROM source_files")] == [None, None]


async def test_what_was_saved_here_and_is_written_on_disk_later_is_one_change(both: BothSides, rows: Rows) -> None:
    with before_its_file(both._monkeypatch):
        assert (await replace(both.editor, "Two.", "Zwei.")).status_code == 200
    both.write("Two.", "Deux.")
    await finish_intents(both.services)
    both.write("Deux.", "Zwei.")
    assert (await scan(both.services)).unchanged == 2
    both.write("Zwei.", "Drei.")
    assert (await scan(both.services)).updated == 1
    assert await notes(rows) == ["From disk", "Edited", "From disk"]


async def test_both_sides_meet_at_once_without_anybody_asking(both: BothSides, runner: Runner) -> None:
    await runner.run_until_idle()
    with before_its_file(both._monkeypatch):
        assert (await replace(both.editor, "One.", "Eins.")).status_code == 200
    both.write("Three.", "Drei.")
    await finish_intents(both.services)
    await runner.run_until_idle()
    assert both.text == HELLO.replace("One.", "Eins.").replace("Three.", "Drei.")


async def test_a_save_that_is_on_its_way_is_not_taken_for_a_change_on_disk(
    both: BothSides, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(services: Services) -> dict[str, str]:
        del services
        return {}

    with before_its_file(monkeypatch):
        assert (await replace(both.editor, "One.", "Eins.")).status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(scanning, "finish_intents", busy)
        await scan(both.services)
    assert await notes(rows) == ["From disk", "Edited"]
    assert (await scan(both.services)).merged == 0
    assert both.text == HELLO.replace("One.", "Eins.")


async def test_a_file_that_is_just_being_written_is_not_met(both: BothSides, monkeypatch: pytest.MonkeyPatch) -> None:
    def emptied(root: Path, path: str) -> bytes:
        del root, path
        return b""

    with monkeypatch.context() as patched:
        patched.setattr(reconciling, "read_inside", emptied)
        report = await both.change(here=("One.", "Eins."), on_disk=("Three.", "Drei."))
    assert (report.merged, report.conflicts, report.updated) == (0, 0, 0)
    assert "Eins." in (await get(both.editor))["content"]
    assert (await scan(both.services)).merged == 1


async def test_a_save_that_waits_is_not_written_into_another_folder(
    both: BothSides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(services: Services) -> dict[str, str]:
        del services
        return {}

    with before_its_file(monkeypatch):
        made = await both.editor.post(POSTS, json={"title": "New", "published": "2024-01-01", "draft": False})
        assert made.status_code == 201
    with monkeypatch.context() as patched:
        patched.setattr(service, "finish_intents", busy)
        await detach(both.services)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "a.md").write_text(HELLO.replace("Hello", "A"))
    assert (await attach(both.services, recognise(tmp_path / "second"))).created == 1
    assert [path.name for path in (tmp_path / "second").iterdir()] == ["a.md"]


async def test_a_file_changed_while_the_new_one_is_being_written_is_not_overwritten(
    both: BothSides, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(descriptor: int) -> None:
        sync(descriptor)
        if "Drei." not in both.text:
            both.write("Three.", "Drei.")

    sync = os.fsync
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", slow)
        assert (await replace(both.editor, "One.", "Eins.")).status_code == 200
    assert both.text == HELLO.replace("Three.", "Drei.")
    assert (await scan(both.services)).merged == 1
    assert both.text == HELLO.replace("One.", "Eins.").replace("Three.", "Drei.")
    assert [path.name for path in both.file.parent.iterdir() if path.name.startswith(".")] == []


async def test_a_link_in_a_file_s_place_keeps_no_other_save_waiting(both: BothSides, attached: Path) -> None:
    with before_its_file(both._monkeypatch):
        assert (await replace(both.editor, "One.", "Eins.")).status_code == 200
        assert (await save(both.editor, "other", title="Another")).status_code == 200
    both.file.unlink()
    both.file.symlink_to(attached.parent / "elsewhere.md")
    await finish_intents(both.services)
    assert "title: Another" in (attached / "other.md").read_text()
    both.file.unlink()
    both.file.write_text(HELLO)
    assert (await scan(both.services)).merged == 1
    assert both.text == HELLO.replace("One.", "Eins.")


async def test_a_file_that_was_changed_while_its_post_was_deleted_meets_it_when_it_is_restored(
    both: BothSides, runner: Runner
) -> None:
    post = await get(both.editor)
    match = {"If-Match": f'"{post["version"]}"'}
    with before_its_file(both._monkeypatch):
        assert (await both.editor.delete(f"{POSTS}/hello", headers=match)).status_code == 204
    both.write("Three.", "Drei.")
    assert list((await scan(both.services)).failed) == ["hello.md"]
    assert (await both.editor.post(f"{POSTS}/{post['id']}/restore")).status_code == 200
    await runner.run_until_idle()
    assert both.text == HELLO.replace("Three.", "Drei.")
    assert "Drei." in (await get(both.editor))["content"]


async def test_a_save_whose_file_went_back_to_what_it_was_is_written(both: BothSides) -> None:
    await both.change(here=("Two.", "Zwei."), on_disk=("Three.", "Drei."))
    with before_its_file(both._monkeypatch):
        assert (await replace(both.editor, "One.", "Eins.")).status_code == 200
    both.write("Drei.", "Three.")
    await scan(both.services)
    assert both.text == HELLO.replace("One.", "Eins.").replace("Two.", "Zwei.")


async def test_changes_that_touch_become_a_conflict_and_the_file_stays_as_it_is(both: BothSides, rows: Rows) -> None:
    heard: list[Any] = []

    async def hear(services: Services, unit: Any, event: Any) -> None:
        heard.append(event)

    for kind in (PostConflicted, ConflictEnded):
        both.services.database._bus._handlers[kind] = [hear]
    conflict = await both.clash()
    on_disk, here = (HELLO.replace("Two.", f"Two, from the {side}.") for side in ("disk", "panel"))
    assert both.text == on_disk
    assert (conflict["base"], conflict["ours"], conflict["theirs"]) == (HELLO, here, on_disk)
    assert (conflict["path"], conflict["post"]["title"], conflict["resolution"]) == ("hello.md", "Hello", None)
    (clash,) = conflict["clashes"]
    assert clash == {
        "kind": "body",
        "where": "4",
        "base": "Two.\n",
        "ours": "Two, from the panel.\n",
        "theirs": "Two, from the disk.\n",
    }
    post = await get(both.editor)
    assert on_disk.endswith(post["content"])
    assert await notes(rows) == ["From disk", "Edited", "From disk"]
    assert [(type(each), str(each.post_id)) for each in heard] == [(PostConflicted, post["id"])]
    assert (await scan(both.services)).unchanged == 2


async def test_every_key_that_clashes_is_named_with_what_each_side_made_of_it(both: BothSides) -> None:
    with before_its_file(both._monkeypatch):
        assert (await save(both.editor, published="2024-05-06", frontmatter={})).status_code == 200
    both.write("2024-02-03", "2025-01-01")
    both.write("mood: calm", "mood: {up: [2024-01-01], down: 1}")
    assert (await scan(both.services)).conflicts == 1
    clashes = {clash.pop("where"): clash for clash in (await both.conflict())["clashes"]}
    assert clashes == {
        "published": {"kind": "key", "base": "2024-02-03", "ours": "2024-05-06", "theirs": "2025-01-01"},
        "mood": {"kind": "key", "base": "calm", "ours": None, "theirs": {"up": ["2024-01-01"], "down": 1}},
    }


async def test_both_texts_stand_side_by_side(both: BothSides) -> None:
    conflict = await both.clash()
    (hunk,) = conflict["hunks"]
    (changed,) = [row for row in hunk["rows"] if row["kind"] != "same"]
    assert (changed["kind"], changed["ours"]["number"], changed["theirs"]["number"]) == ("changed", 10, 10)
    sides = [changed["ours"], changed["theirs"]]
    assert [side["text"][slice(*side["spans"][0])] for side in sides] == ["panel", "disk"]


async def test_a_post_in_conflict_is_not_saved_but_what_is_typed_is_kept(both: BothSides, rows: Rows) -> None:
    conflict = await both.clash()
    version = (await get(both.editor))["version"]
    refused = await save(both.editor, title="Mine")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "source.in_conflict")
    assert refused.json()["error"]["details"]["address"] == f"{CONFLICTS}/{conflict['id']}"
    stale = await both.editor.patch(f"{POSTS}/hello", json={"title": "Mine"}, headers={"If-Match": '"1"'})
    tolerant = await both.editor.patch("/api/admin/posts/hello", json={"title": "Mine"})
    hidden = await both.editor.post(f"{POSTS}/hello/unpublish")
    assert [each.status_code for each in (stale, tolerant, hidden)] == [409, 409, 409]
    draft = await both.editor.put(f"{POSTS}/hello/draft", json={"based_on": version, "title": "Mine"})
    assert draft.status_code == 200
    taken = await both.editor.post(f"{POSTS}/hello/publish", json={"take_draft": 1})
    assert (taken.status_code, (await both.editor.get(f"{POSTS}/hello/draft")).status_code) == (409, 200)
    assert (await get(both.editor))["version"] == version
    assert (await both.resolve(conflict, take="theirs")).status_code == 200
    assert (await save(both.editor, title="Mine")).status_code == 200


async def test_the_conflict_follows_the_file(both: BothSides) -> None:
    before = await both.clash()
    both.write("Two, from the disk.", "Two, from the disk again.")
    assert (await scan(both.services)).conflicts == 1
    after = await both.conflict()
    assert (after["id"], after["version"], after["ours"], after["base"]) == (before["id"], 2, before["ours"], HELLO)
    assert after["theirs"] == both.text
    assert "from the disk again" in (await get(both.editor))["content"]
    late = await both.resolve(before, take="theirs")
    assert (late.status_code, late.json()["error"]["code"]) == (412, "source.conflict_changed")
    assert late.json()["error"]["details"]["current"] == {"version": 2, "theirs": both.text}


async def test_a_conflict_is_over_once_the_changes_no_longer_touch(both: BothSides) -> None:
    conflict = await both.clash()
    both.write("Two, from the disk.", "Two.")
    both.write("Three.", "Three, from the disk.")
    assert (await scan(both.services)).merged == 1
    assert both.text == HELLO.replace("Two.", "Two, from the panel.").replace("Three.", "Three, from the disk.")
    over = await both.one(conflict["id"])
    assert (over["resolution"], over["resolved_by"]) == ("merged", None)
    assert (await save(both.editor, title="Mine")).status_code == 200


async def test_deleting_the_post_ends_its_conflict_and_keeps_every_byte(both: BothSides, rows: Rows) -> None:
    conflict, on_disk = await both.clash(), both.text
    post = await get(both.editor)
    match = {"If-Match": f'"{post["version"]}"'}
    assert (await both.editor.delete(f"{POSTS}/hello", headers=match)).status_code == 204
    assert (await both.one(conflict["id"]))["resolution"] == "deleted"
    assert (await both.editor.get(CONFLICTS)).json()["meta"]["total"] == 0
    assert (await both.editor.post(f"{POSTS}/{post['id']}/restore")).status_code == 200
    assert both.text == on_disk
    assert (await scan(both.services)).conflicts == 0


async def test_a_file_that_goes_and_comes_back_finds_its_conflict_again(both: BothSides) -> None:
    conflict, on_disk = await both.clash(), both.text
    both.file.unlink()
    assert (await scan(both.services)).archived == 1
    refused = await both.editor.post(f"{POSTS}/hello/publish")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "source.in_conflict")
    both.file.write_bytes(on_disk.encode())
    await scan(both.services)
    assert (await both.conflict())["id"] == conflict["id"]
    assert (await get(both.editor))["status"] == "published"


async def test_a_conflict_of_a_file_that_is_gone_is_resolved_by_bringing_it_back(both: BothSides) -> None:
    conflict = await both.clash()
    both.file.unlink()
    await scan(both.services)
    assert (await both.resolve(conflict, take="ours")).status_code == 200
    assert (both.text, (await get(both.editor))["status"]) == (conflict["ours"], "published")


async def test_a_renamed_file_keeps_its_conflict(both: BothSides, attached: Path) -> None:
    conflict = await both.clash()
    both.file.rename(attached / "moved.md")
    assert (await scan(both.services)).renamed == 1
    assert (await both.conflict())["path"] == "moved.md"
    assert (await both.resolve(conflict, take="ours")).status_code == 200
    assert (attached / "moved.md").read_text() == conflict["ours"]


async def test_detaching_ends_conflicts_and_the_post_is_free(both: BothSides) -> None:
    conflict, on_disk = await both.clash(), both.text
    await detach(both.services)
    assert (await both.one(conflict["id"]))["resolution"] == "detached"
    assert (await save(both.editor, title="Mine")).status_code == 200
    over = await both.resolve(conflict, take="ours")
    assert (over.status_code, over.json()["error"]["details"]["resolution"]) == (409, "detached")
    assert both.text == on_disk
    assert (await attach(both.services, recognise(both.file.parent))).conflicts == 0


async def test_a_scheduled_post_in_conflict_goes_out_at_its_moment(
    both: BothSides, clock: MovableClock, runner: Runner
) -> None:
    assert (await save(both.editor, published="2026-03-01T12:05:00Z")).status_code == 200
    await both.clash()
    assert (await get(both.editor))["status"] == "scheduled"
    clock.move(minutes=5)
    await runner.run_until_idle()
    assert (await get(both.editor))["status"] == "published"


async def test_a_new_address_that_was_saved_here_waits_with_the_conflict(both: BothSides) -> None:
    with before_its_file(both._monkeypatch):
        content = (await get(both.editor))["content"].replace("Two.", "Zwei.")
        assert (await save(both.editor, slug="bye", content=content)).status_code == 200
    both.write("Two.", "Deux.")
    assert (await scan(both.services)).conflicts == 1
    assert (await get(both.editor))["slug"] == "hello"
    assert (await both.resolve(await both.conflict(), take="ours")).status_code == 200
    assert (await get(both.editor, "bye"))["slug"] == "bye"
    assert "slug: bye\n" in both.text


async def test_a_file_with_git_s_markers_is_listed_and_its_post_keeps_its_words(both: BothSides) -> None:
    both.write("Two.\n", "<<<<<<< HEAD\nZwei.\n=======\nDeux.\n>>>>>>> french\n")
    report = await scan(both.services)
    assert report.failed == {"hello.md": "it holds git's conflict markers; resolve them"}
    assert "Two." in (await get(both.editor))["content"]
    both.write("<<<<<<< HEAD\nZwei.\n=======\nDeux.\n>>>>>>> french\n", "Deux.\n")
    assert (await scan(both.services)).updated == 1


async def test_a_save_waits_for_the_markers_to_go_before_both_sides_meet(both: BothSides) -> None:
    marked = "<<<<<<< HEAD\nZwei.\n=======\nDeux.\n>>>>>>> french\n"
    report = await both.change(here=("One.", "Eins."), on_disk=("Two.\n", marked))
    assert list(report.failed) == ["hello.md"]
    both.write(marked, "Deux.\n")
    assert (await scan(both.services)).merged == 1
    assert both.text == HELLO.replace("One.", "Eins.").replace("Two.", "Deux.")


async def test_two_saves_on_their_way_meet_the_disk_together(both: BothSides) -> None:
    with before_its_file(both._monkeypatch):
        assert (await replace(both.editor, "One.", "Eins.")).status_code == 200
        assert (await replace(both.editor, "Two.", "Zwei.")).status_code == 200
    both.write("Three.", "Drei.")
    assert (await scan(both.services)).merged == 1
    assert both.text == HELLO.replace("One.", "Eins.").replace("Two.", "Zwei.").replace("Three.", "Drei.")
