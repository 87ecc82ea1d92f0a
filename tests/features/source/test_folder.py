"""The attached folder as its owner meets it: through the disk on one side, through the API on the other."""

import os
from pathlib import Path

import httpx
import pytest
from tests.features.source.conftest import HELLO
from tests.features.source.panel import POSTS, Rows, before_its_file, get, notes, save
from tests.plugins.people import SignIn

from pressroom.features.source.errors import AnotherAttached, FolderEmpty, FolderUnreadable, NothingAttached
from pressroom.features.source.journal import TRASH, finish_intents
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach, detach
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services


async def test_attaching_takes_every_post_in_and_writes_no_file(services: Services, folder: Path, rows: Rows) -> None:
    (folder / "bad.md").write_text("---\ntitle: [unclosed\n---\n")
    before = {path: path.read_bytes() for path in folder.rglob("*.md")}
    report = await attach(services, recognise(folder))
    assert (report.found, report.created, list(report.failed)) == (3, 2, ["bad.md"])
    assert {path: path.read_bytes() for path in folder.rglob("*.md")} == before
    assert [(row.slug, row.status) for row in await rows("SELECT slug, status FROM posts ORDER BY slug")] == [
        ("hello", "published"),
        ("other", "published"),
    ]
    assert await notes(rows) == ["From disk"]
    again = await scan(services)
    assert (again.created, again.updated, again.unchanged, list(again.failed)) == (0, 0, 2, ["bad.md"])


async def test_the_example_of_an_astro_site_is_attached_by_its_project(services: Services, rows: Rows) -> None:
    site = recognise(Path(__file__).parents[3] / "examples" / "astro-blog")
    report = await attach(services, site)
    assert report.failed == {}
    assert report.created == len(list(site.content.glob("*.md"))) == 4
    (welcome,) = await rows("SELECT title, first_category, second_category FROM posts WHERE slug = 'welcome'")
    assert tuple(welcome) == ("Start here", "Notes", "Guides")


async def test_a_save_changes_one_line_and_the_next_scan_nothing(
    services: Services, attached: Path, editor: httpx.AsyncClient, rows: Rows
) -> None:
    saved = await save(editor, title="Good morning")
    assert saved.status_code == 200, saved.text
    assert (attached / "hello.md").read_text() == HELLO.replace("'Hello'", "'Good morning'")
    assert await rows("SELECT id FROM source_intents") == []
    assert (await scan(services)).updated == 0
    assert len(await notes(rows)) == 2


async def test_windows_lines_stay_when_the_whole_post_is_sent_back(
    services: Services, folder: Path, sign_in: SignIn
) -> None:
    raw = HELLO.replace("\n", "\r\n").encode()
    (folder / "hello.md").write_bytes(raw)
    await attach(services, recognise(folder))
    editor = await sign_in(Role.editor)
    content = (await get(editor))["content"].replace("\r\n", "\n")
    saved = await save(editor, content=content + "One more.\n", title="Hello")
    assert saved.status_code == 200, saved.text
    assert (folder / "hello.md").read_bytes() == raw + b"One more.\r\n"


async def test_a_change_on_disk_refuses_the_save_with_both_sides_and_nothing_is_lost(
    services: Services, attached: Path, editor: httpx.AsyncClient, runner: Runner, rows: Rows
) -> None:
    on_disk = HELLO.replace("Words.", "Words from the disk.")
    (attached / "hello.md").write_text(on_disk)
    refused = await save(editor, content="Words from the panel.")
    assert refused.status_code == 412
    details = refused.json()["error"]["details"]
    assert details["yours"]["post"]["content"] == "Words from the panel."
    assert (details["current"]["file"], "from the disk" in details["current"]["post"]["content"]) == ("hello.md", True)
    assert (attached / "hello.md").read_text() == on_disk
    await runner.run_until_idle()
    assert "Words from the disk." in (await get(editor))["content"]
    assert await notes(rows) == ["From disk", "From disk"]
    assert (await save(editor, content="\nWords from the panel.\n")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO.replace("Words.", "Words from the panel.")


async def test_a_renamed_file_keeps_its_post(services: Services, attached: Path, rows: Rows) -> None:
    before = await rows("SELECT id, slug, version FROM posts ORDER BY slug")
    (attached / "hello.md").rename(attached / "deep" / "renamed.md")
    report = await scan(services)
    assert (report.renamed, report.created, report.archived) == (1, 0, 0)
    assert await rows("SELECT id, slug, version FROM posts ORDER BY slug") == before
    assert {row.path for row in await rows("SELECT path FROM source_files")} == {"deep/renamed.md", "deep/other.md"}


async def test_a_deleted_file_becomes_an_archived_post_and_comes_back_with_it(
    services: Services, attached: Path, editor: httpx.AsyncClient
) -> None:
    (attached / "hello.md").unlink()
    assert (await scan(services)).archived == 1
    assert (await get(editor))["status"] == "archived"
    assert (await scan(services)).archived == 0
    (attached / "elsewhere.md").write_text(HELLO)
    assert (await scan(services)).renamed == 1
    assert (await get(editor))["status"] == "published"


async def test_a_disk_that_is_not_mounted_archives_nothing(services: Services, attached: Path, rows: Rows) -> None:
    for path in attached.rglob("*.md"):
        path.unlink()
    with pytest.raises(FolderEmpty):
        await scan(services)
    assert {row.status for row in await rows("SELECT status FROM posts")} == {"published"}


async def test_a_part_that_cannot_be_listed_archives_nothing(services: Services, attached: Path, rows: Rows) -> None:
    attached.rename(attached.with_name("moved"))
    with pytest.raises(FolderUnreadable):
        await scan(services)
    assert {row.status for row in await rows("SELECT status FROM posts")} == {"published"}


async def test_a_name_that_no_database_can_hold_is_listed(services: Services, attached: Path) -> None:
    Path(os.fsdecode(os.fsencode(attached) + b"/caf\xe9.md")).write_text(HELLO)
    report = await scan(services)
    assert (report.created, report.unchanged, list(report.failed)) == (0, 2, ["caf?.md"])


async def test_another_folder_leaves_the_posts_of_the_one_before_alone(
    services: Services, attached: Path, tmp_path: Path, rows: Rows
) -> None:
    await detach(services)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "hello.md").write_text(HELLO.replace("Hello", "Second"))
    assert (await attach(services, recognise(tmp_path / "second"))).created == 1
    assert {(row.title, row.status) for row in await rows("SELECT title, status FROM posts")} == {
        ("Hello", "published"),
        ("Other", "published"),
        ("Second", "published"),
    }


async def test_a_file_that_is_just_being_written_empties_no_post(
    services: Services, attached: Path, editor: httpx.AsyncClient
) -> None:
    (attached / "hello.md").write_text("")
    assert list((await scan(services)).failed) == ["hello.md"]
    assert "Words." in (await get(editor))["content"]
    (attached / "hello.md").write_text(HELLO.replace("Words", "More words"))
    assert (await scan(services)).updated == 1


async def test_the_trash_takes_the_file_and_gives_every_byte_back(
    services: Services, attached: Path, editor: httpx.AsyncClient
) -> None:
    post = await get(editor)
    match = {"If-Match": f'"{post["version"]}"'}
    assert (await editor.delete(f"{POSTS}/hello", headers=match)).status_code == 204
    assert not (attached / "hello.md").exists()
    assert [path.read_text() for path in (services.settings.data / TRASH).iterdir()] == [HELLO]
    assert (await scan(services)).archived == 0
    assert (await editor.post(f"{POSTS}/{post['id']}/restore")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO


async def test_publishing_is_written_into_the_file(attached: Path, editor: httpx.AsyncClient) -> None:
    post = await get(editor)
    taken_back = await editor.post(f"{POSTS}/hello/unpublish", headers={"If-Match": f'"{post["version"]}"'})
    assert taken_back.status_code == 200, taken_back.text
    assert "draft: true\n" in (attached / "hello.md").read_text()


async def test_a_new_post_gets_a_file_once_it_has_a_date(
    services: Services, attached: Path, editor: httpx.AsyncClient, rows: Rows
) -> None:
    made = await editor.post(POSTS, json={"title": "Con", "content": "New.\n"})
    assert made.status_code == 201
    assert not (attached / "_con.md").exists()
    published = await editor.post(f"{POSTS}/con/publish", headers={"If-Match": '"1"'})
    assert published.status_code == 200, published.text
    assert (attached / "_con.md").read_text() == "---\ntitle: Con\npublished: 2026-03-01T12:01:00Z\n---\nNew.\n"
    assert (await scan(services)).updated == 0
    assert (await save(editor, "con", title="Pro")).status_code == 200
    assert "title: Pro\n" in (attached / "_con.md").read_text()


async def test_code_is_for_administrators(services: Services, folder: Path, sign_in: SignIn) -> None:
    (folder / "code.mdx").write_text(HELLO)
    await attach(services, recognise(folder))
    refused = await save(await sign_in(Role.editor), "code", title="Mine")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "source.code_for_admins")
    assert (await save(await sign_in(Role.admin), "code", title="Mine")).status_code == 200


async def test_what_cannot_be_written_safely_is_refused_with_its_line(
    services: Services, folder: Path, sign_in: SignIn
) -> None:
    tied = "---\ntitle: &name Hello\npublished: 2024-02-03\nalso: *name\n---\nWords.\n"
    (folder / "hello.md").write_text(tied)
    await attach(services, recognise(folder))
    editor = await sign_in(Role.editor)
    refused = await save(editor, title="Bye")
    assert refused.status_code == 422
    assert "Line 2" in refused.json()["detail"]
    assert (await get(editor))["title"] == "Hello"
    assert (folder / "hello.md").read_text() == tied


@pytest.mark.parametrize("died", ["before the file", "after the file"])
async def test_a_kill_between_commit_and_file_is_mended_at_the_next_start(
    services: Services,
    attached: Path,
    editor: httpx.AsyncClient,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    died: str,
) -> None:
    wanted = HELLO.replace("'Hello'", "'Bye'")
    with before_its_file(monkeypatch):
        assert (await save(editor, title="Bye")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO
    if died == "after the file":
        (attached / "hello.md").write_text(wanted)
    await finish_intents(services)
    assert (attached / "hello.md").read_text() == wanted
    assert await rows("SELECT id FROM source_intents") == []
    assert (await scan(services)).updated == 0


async def test_saves_that_wait_for_their_file_build_on_each_other(
    services: Services, attached: Path, editor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_its_file(monkeypatch):
        assert (await save(editor, title="Bye")).status_code == 200
    assert (await save(editor, title="Hello", content="\nOther.\n")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO.replace("Words.", "Other.")


async def test_a_save_that_takes_back_one_that_waits_wins(
    services: Services, attached: Path, editor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_its_file(monkeypatch):
        assert (await save(editor, title="Bye")).status_code == 200
    assert (await save(editor, title="Hello")).status_code == 200
    await finish_intents(services)
    assert (attached / "hello.md").read_text() == HELLO


async def test_a_file_changed_while_its_save_waited_is_left_and_both_texts_are_kept(
    services: Services, attached: Path, editor: httpx.AsyncClient, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_its_file(monkeypatch):
        assert (await save(editor, content="From the panel.")).status_code == 200
    on_disk = HELLO.replace("Words.", "From the disk.")
    (attached / "hello.md").write_text(on_disk)
    assert (await scan(services)).conflicts == 1
    assert (attached / "hello.md").read_text() == on_disk
    sql = "SELECT content_raw FROM post_versions WHERE title = 'Hello' ORDER BY version"
    texts = [row.content_raw.strip() for row in await rows(sql)]
    assert texts == ["Words.", "From the panel.", "From the disk."]


async def test_an_unchanged_file_is_not_read(services: Services, attached: Path) -> None:
    path = attached / "hello.md"
    found = path.stat()
    path.write_bytes(HELLO.replace("Words", "Wards").encode())
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert (await scan(services)).updated == 0
    path.touch()
    assert (await scan(services)).updated == 1


async def test_an_address_that_is_taken_keeps_one_file_out_and_no_other(services: Services, attached: Path) -> None:
    (attached / "a.md").write_text("---\ntitle: A\ndate: 2024-01-01\nslug: hello\n---\n")
    (attached / "b.md").write_text("---\ntitle: B\ndate: 2024-01-01\n---\n")
    report = await scan(services)
    assert (report.created, list(report.failed)) == (1, ["a.md"])


async def test_detaching_leaves_files_and_posts_and_attaching_again_finds_them(
    services: Services, attached: Path, editor: httpx.AsyncClient, tmp_path: Path
) -> None:
    assert await detach(services) == attached
    assert (await save(editor, title="Only here")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO
    with pytest.raises(NothingAttached):
        await scan(services)
    report = await attach(services, recognise(attached))
    assert (report.created, report.unchanged) == (0, 2)
    (tmp_path / "second").mkdir()
    with pytest.raises(AnotherAttached):
        await attach(services, recognise(tmp_path / "second"))
