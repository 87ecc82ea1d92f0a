"""A file that cannot be written, and a disk that is not mounted: nothing is lost, and everything else goes on."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.source.conftest import HELLO
from tests.features.source.panel import POSTS, Rows, get, save

from pressroom.features.source.checks import checks
from pressroom.features.source.commits import commit_post
from pressroom.features.source.disk import DiskFull, write_atomically
from pressroom.features.source.errors import FolderEmpty, FolderUnreadable, NotWritten
from pressroom.features.source.orders import CommitOrder
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach, detach, start
from pressroom.kernel.diagnosis import Complaint
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

FAILURES = [PermissionError(13, "Permission denied"), OSError(30, "Read-only file system"), DiskFull()]


@pytest.fixture(params=FAILURES, ids=lambda failure: type(failure).__name__)
def only_hello_fails(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """`hello.md` and what is made of “Bye” cannot be written; any other file can."""
    real = write_atomically

    def write(path: Path, *arguments: Any, **options: Any) -> bool:
        if path.name in {"hello.md", "bye.md"}:
            raise request.param
        return real(path, *arguments, **options)

    monkeypatch.setattr("pressroom.features.source.journal.write_atomically", write)
    return monkeypatch


async def publish(editor: httpx.AsyncClient, title: str) -> httpx.Response:
    made = await editor.post(POSTS, json={"title": title, "content": "New.\n"})
    assert made.status_code == 201, made.text
    return await editor.post(f"{POSTS}/{made.json()['slug']}/publish", headers={"If-Match": '"1"'})


async def test_a_file_that_cannot_be_written_keeps_nothing_else_waiting(
    services: Services, attached: Path, editor: httpx.AsyncClient, only_hello_fails: pytest.MonkeyPatch
) -> None:
    assert (await save(editor, title="Kept")).status_code == 200
    assert (await save(editor, "other", title="Written")).status_code == 200
    (attached / "third.md").write_text(HELLO.replace("Hello", "Third"))
    await start(services)
    report = await scan(services)
    assert (report.created, list(report.failed)) == (1, ["hello.md"])
    assert report.failed["hello.md"].startswith("cannot be written: ")
    assert "title: Written" in (attached / "deep" / "other.md").read_text()
    assert (await get(editor))["title"] == "Kept"
    (problem,) = (await get(editor))["manuscript"]["problems"]
    assert problem["message"].startswith("The file is not written yet.")
    assert (await get(editor, "other"))["manuscript"]["problems"] == []
    with pytest.raises(Complaint, match=r"Saves wait to be written: hello\.md\."):
        await (await checks(services))["source folder"](services)
    only_hello_fails.undo()
    assert (await scan(services)).failed == {}
    assert (await get(editor))["manuscript"]["problems"] == []
    assert "title: 'Kept'" in (attached / "hello.md").read_text()


async def test_a_new_post_whose_file_cannot_be_written_yet_is_not_archived(
    services: Services, attached: Path, editor: httpx.AsyncClient, only_hello_fails: pytest.MonkeyPatch
) -> None:
    assert (await publish(editor, "Bye")).status_code == 200
    assert (await scan(services)).archived == 0
    assert (await get(editor, "bye"))["status"] == "published"
    only_hello_fails.undo()
    await scan(services)
    assert "title: Bye\n" in (attached / "bye.md").read_text()


@pytest.mark.usefixtures("only_hello_fails")
async def test_a_commit_waits_for_the_file(services: Services, attached: Path, editor: httpx.AsyncClient) -> None:
    assert (await save(editor, title="Kept")).status_code == 200
    order = CommitOrder(post_id=(await get(editor))["id"], by=None)
    with pytest.raises(NotWritten, match=r"hello\.md cannot be written"):
        await commit_post(services, order)
    assert (attached / "hello.md").read_text() == HELLO


async def test_a_folder_is_let_go_of_and_its_last_save_is_written_when_it_is_back(
    services: Services, attached: Path, editor: httpx.AsyncClient, only_hello_fails: pytest.MonkeyPatch
) -> None:
    assert (await save(editor, title="Kept")).status_code == 200
    await detach(services)
    only_hello_fails.undo()
    await attach(services, recognise(attached))
    assert "title: 'Kept'" in (attached / "hello.md").read_text()


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
async def test_nothing_is_done_where_a_disk_is_not_mounted(
    services: Services,
    attached: Path,
    editor: httpx.AsyncClient,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    left: str,
) -> None:
    post = await get(editor)
    disk = attached.with_name("unmounted")
    with monkeypatch.context() as patched:
        patched.setattr("pressroom.features.source.journal.write_atomically", _unmounting(attached, disk, left))
        assert (await save(editor, title="Kept")).status_code == 200
    refused = await editor.delete(f"{POSTS}/{post['id']}", headers={"If-Match": '"2"'})
    assert refused.status_code == 412, refused.text
    with pytest.raises((FolderEmpty, FolderUnreadable)):
        await scan(services)
    assert {row.status for row in await rows("SELECT status FROM posts")} == {"published"}
    assert not attached.exists() or not any(attached.iterdir())
    if attached.exists():
        attached.rmdir()
    disk.rename(attached)
    report = await scan(services)
    assert (report.archived, report.failed) == (0, {})
    assert "title: 'Kept'" in (attached / "hello.md").read_text()


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
async def test_a_new_post_makes_no_file_where_a_disk_is_not_mounted(
    services: Services, attached: Path, editor: httpx.AsyncClient, left: str
) -> None:
    disk = attached.with_name("unmounted")
    attached.rename(disk)
    if left != "nothing":
        attached.mkdir()
    published = await publish(editor, "New")
    if left == "nothing":
        assert (published.status_code, published.json()["error"]["code"]) == (409, "source.folder_unreadable")
        assert str(attached) not in published.text
    else:
        assert published.status_code == 200
        assert not any(attached.iterdir())
        with pytest.raises(FolderEmpty):
            await scan(services)
        attached.rmdir()
    disk.rename(attached)
    assert (await scan(services)).archived == 0
    assert (attached / "new.md").exists() == (left != "nothing")


async def test_a_folder_that_is_away_fails_one_look_and_not_one_a_minute(
    attached: Path, runner: Runner, clock: MovableClock, rows: Rows
) -> None:
    async def failed() -> Any:
        return (await rows("SELECT count(*) FROM jobs WHERE kind = 'source.scan' AND state = 'failed'"))[0][0]

    await runner.run_until_idle()
    disk = attached.with_name("unmounted")
    for times in (1, 2):
        attached.rename(disk)
        for _ in range(3):
            clock.move(minutes=1)
            await runner.run_until_idle()
            assert await failed() == times
        disk.rename(attached)
        clock.move(minutes=1)
        await runner.run_until_idle()


async def test_a_writer_is_told_that_the_disk_is_not_mounted(attached: Path, editor: httpx.AsyncClient) -> None:
    attached.rename(attached.with_name("unmounted"))
    refused = await save(editor, content="Typed for an hour.")
    assert refused.status_code == 412
    assert "Is its disk mounted?" in refused.json()["detail"]
    assert "Typed for an hour." in refused.text


async def test_whoever_deleted_everything_is_told_how_to_go_on(services: Services, attached: Path) -> None:
    for path in attached.rglob("*.md"):
        path.unlink()
    with pytest.raises(FolderEmpty, match="put one Markdown file there"):
        await scan(services)
    (attached / "first.md").write_text(HELLO.replace("Hello", "A new beginning"))
    assert (await scan(services)).archived == 2


def _unmounting(folder: Path, disk: Path, left: str) -> Any:
    """The disk goes away in the moment in which a file is written."""

    def write(path: Path, *_: Any, **__: Any) -> bool:
        folder.rename(disk)
        if left != "nothing":
            folder.mkdir()
        raise FileNotFoundError(2, "No such file or directory", str(path))

    return write
