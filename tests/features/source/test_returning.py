"""A folder that is let go of, written in on one side or on both, and attached again."""

from pathlib import Path

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.source.astro import Blog
from tests.features.source.conftest import HELLO
from tests.features.source.panel import POSTS, Rows, before_its_file, get, notes, save

from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import ScanReport, scan
from pressroom.features.source.service import attach, detach
from pressroom.kernel.services import Services


class Away:
    """The folder while nobody looks at it."""

    def __init__(self, services: Services, folder: Path, clock: MovableClock) -> None:
        self._services, self._folder, self._clock = services, folder, clock

    async def __aenter__(self) -> None:
        await detach(self._services)
        self._clock.move(minutes=1)

    async def __aexit__(self, *_: object) -> None:
        self._clock.move(minutes=1)
        self.report: ScanReport = await attach(self._services, recognise(self._folder))


@pytest.fixture
def away(services: Services, attached: Path, clock: MovableClock) -> Away:
    return Away(services, attached, clock)


async def test_what_was_saved_here_meanwhile_is_held_until_the_next_save(
    services: Services, attached: Path, editor: httpx.AsyncClient, away: Away
) -> None:
    async with away:
        assert (await save(editor, title="Only here")).status_code == 200
    assert (away.report.updated, (attached / "hello.md").read_text()) == (0, HELLO)
    post = await get(editor)
    assert (post["title"], post["manuscript"]["held"]) == ("Only here", True)
    assert (await get(editor, "other"))["manuscript"]["held"] is False
    assert (await save(editor, tags=["New"])).json()["manuscript"]["held"] is False
    assert "title: 'Only here'" in (attached / "hello.md").read_text()
    assert (await scan(services)).updated == 0


async def test_so_is_a_post_that_was_only_taken_back(
    services: Services, attached: Path, editor: httpx.AsyncClient, away: Away
) -> None:
    async with away:
        assert (await editor.post(f"{POSTS}/hello/unpublish")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO
    assert (await get(editor))["manuscript"]["held"] is True
    (attached / "hello.md").write_text(HELLO.replace("Words.", "From the disk."))
    assert (await scan(services)).merged == 1
    assert "draft: true" in (attached / "hello.md").read_text()


async def test_it_meets_what_is_changed_on_disk_later(
    services: Services, attached: Path, editor: httpx.AsyncClient, away: Away, rows: Rows
) -> None:
    async with away:
        assert (await save(editor, title="Only here")).status_code == 200
    (attached / "hello.md").write_text(HELLO.replace("Words.", "Words from the disk."))
    assert (await scan(services)).merged == 1
    found = (attached / "hello.md").read_text()
    assert found == HELLO.replace("Words.", "Words from the disk.").replace("'Hello'", "'Only here'")
    assert await notes(rows) == ["From disk", "Edited", "From disk", "Merged"]


async def test_both_sides_changed_meanwhile_and_a_person_decides(
    attached: Path, editor: httpx.AsyncClient, away: Away
) -> None:
    on_disk = HELLO.replace("Words.", "From the disk.")
    async with away:
        assert (await save(editor, content="From the panel.")).status_code == 200
        (attached / "hello.md").write_text(on_disk)
    assert away.report.conflicts == 1
    assert (attached / "hello.md").read_text() == on_disk
    refused = await save(editor, title="Another")
    assert refused.json()["error"]["code"] == "source.in_conflict"


async def test_what_only_the_disk_changed_meanwhile_is_a_version(
    attached: Path, editor: httpx.AsyncClient, away: Away
) -> None:
    async with away:
        (attached / "hello.md").write_text(HELLO.replace("Words.", "From the disk."))
    assert (away.report.updated, away.report.conflicts) == (1, 0)
    assert (await get(editor))["content"].strip() == "From the disk."


async def test_a_save_that_was_on_its_way_goes_on_and_later_ones_are_held(
    attached: Path, editor: httpx.AsyncClient, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_its_file(monkeypatch):
        assert (await save(editor, title="On its way")).status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr("pressroom.features.source.journal.write_atomically", _read_only)
        async with away:
            assert (await save(editor, content="Later.")).status_code == 200
            patched.undo()
    assert (attached / "hello.md").read_text() == HELLO.replace("'Hello'", "'On its way'")
    assert (await get(editor))["manuscript"]["held"] is True
    assert (await save(editor, tags=["New"])).status_code == 200
    assert "Later." in (attached / "hello.md").read_text()


async def test_posts_deleted_meanwhile_stay_in_the_trash_and_their_files_where_they_are(
    attached: Path, editor: httpx.AsyncClient, away: Away
) -> None:
    post = await get(editor)
    async with away:
        gone = await editor.delete(f"{POSTS}/hello", headers={"If-Match": f'"{post["version"]}"'})
        assert gone.status_code == 204
    assert (attached / "hello.md").read_text() == HELLO
    assert (await editor.post(f"{POSTS}/{post['id']}/restore")).status_code == 200
    assert (attached / "hello.md").read_text() == HELLO


async def test_words_that_the_site_refuses_are_held_with_what_is_wrong(
    services: Services, attached_blog: Blog, editor: httpx.AsyncClient, clock: MovableClock
) -> None:
    before = attached_blog.read()
    away = Away(services, attached_blog.root, clock)
    async with away:
        assert (await save(editor, description="")).status_code == 200
    manuscript = (await get(editor))["manuscript"]
    assert (attached_blog.read(), manuscript["held"]) == (before, True)
    assert [each["field"] for each in manuscript["problems"]] == ["/description"]


def _read_only(*_: object, **__: object) -> bool:
    raise PermissionError(13, "Permission denied")
