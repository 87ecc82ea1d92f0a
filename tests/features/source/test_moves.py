"""A file that is moved and edited at once is the same post: with its address, its versions and its comments."""

from pathlib import Path

import httpx
import pytest
from tests.features.source.conftest import HELLO
from tests.features.source.panel import POSTS, Rows, before_its_file, get, notes, save

from pressroom.features.source.moves import similarity
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services

LONG = "\n\n".join(f"Paragraph {number} has something of its own to say." for number in range(10))
A, B, C = ("abc"[number] * 150 for number in range(3))
POST = HELLO.replace("Words.", LONG)


def move(folder: Path, old: str, new: str, text: str) -> None:
    (folder / old).unlink()
    (folder / new).parent.mkdir(parents=True, exist_ok=True)
    (folder / new).write_text(text)


@pytest.fixture
async def longer(services: Services, attached: Path) -> Path:
    (attached / "hello.md").write_text(POST)
    await scan(services)
    return attached


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("2024/hello.md", POST.replace("say.", "tell.")),
        ("2024/hello/index.md", POST.replace("say.", "tell.")),
        ("greeting.md", POST.replace("'Hello'", "'A greeting'").replace("Paragraph 3", "Number 3")),
        ("greeting.md", POST.replace("Paragraph 3", "Number 3").replace("2024-02-03", "2025-01-01")),
        ("2025/hello.md", POST.replace("'Hello'", "'Hi'").replace("2024-02-03", "2025-01-01")),
    ],
    ids=["folder", "folder of its own", "name and title", "name and date", "title and date"],
)
async def test_it_keeps_its_address_and_gains_a_version(
    services: Services, longer: Path, editor: httpx.AsyncClient, rows: Rows, new: str, text: str
) -> None:
    before = await get(editor)
    move(longer, "hello.md", new, text)
    report = await scan(services)
    assert (report.renamed, report.created, report.archived, report.updated) == (1, 0, 0, 0)
    after = await get(editor)
    assert (after["id"], after["slug"], after["status"]) == (before["id"], "hello", "published")
    assert after["manuscript"]["file"] == new
    assert await notes(rows) == ["From disk", "From disk", "From disk"]
    assert (await scan(services)).unchanged == 2
    assert (await save(editor, title="Saved here")).status_code == 200
    assert "Saved here" in (longer / new).read_text()


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("fr/hello.md", HELLO.replace("'Hello'", "'Bonjour'").replace("Words.", "\n\n".join(["Quelques mots."] * 9))),
        ("week-8.md", POST.replace("'Hello'", "'Week 8'").replace("2024-02-03", "2024-02-24")),
        ("hello-again.md", HELLO.replace("2024-02-03", "2026-02-24")),
    ],
    ids=["translation", "copy of its text", "same title"],
)
async def test_another_post_is_not_taken_for_it(
    services: Services, longer: Path, editor: httpx.AsyncClient, new: str, text: str
) -> None:
    move(longer, "hello.md", new, text)
    report = await scan(services)
    assert (report.renamed, report.created, report.archived) == (0, 1, 1)
    assert (await get(editor))["status"] == "archived"


async def test_it_is_found_when_it_comes_back_later_edited(
    services: Services, longer: Path, editor: httpx.AsyncClient
) -> None:
    (longer / "hello.md").unlink()
    assert (await scan(services)).archived == 1
    (longer / "2024").mkdir()
    (longer / "2024" / "hello.md").write_text(POST.replace("Paragraph 3", "Number 3"))
    assert (await scan(services)).renamed == 1
    post = await get(editor)
    assert (post["status"], post["manuscript"]["file"]) == ("published", "2024/hello.md")
    assert "Number 3" in post["content"]


async def test_a_copy_beside_it_is_another_post(services: Services, longer: Path, editor: httpx.AsyncClient) -> None:
    (longer / "copy.md").write_text(POST.replace("Paragraph 3", "Number 3"))
    report = await scan(services)
    assert (report.renamed, report.created) == (0, 1)
    assert (await get(editor, "hello"))["id"] != (await get(editor, "copy"))["id"]


async def test_one_in_the_trash_stays_there(services: Services, longer: Path, editor: httpx.AsyncClient) -> None:
    post = await get(editor)
    assert (await editor.delete(f"{POSTS}/hello", headers={"If-Match": f'"{post["version"]}"'})).status_code == 204
    (longer / "2024").mkdir()
    (longer / "2024" / "hello.md").write_text(POST.replace("Paragraph 3", "Number 3"))
    assert (await scan(services)).created == 1
    assert (await get(editor, post["id"]))["deleted_at"]


async def test_words_that_were_saved_here_and_not_written_yet_meet_the_moved_file(
    services: Services, longer: Path, editor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with before_its_file(monkeypatch):
        assert (await save(editor, title="Saved here")).status_code == 200
    move(longer, "hello.md", "2024/hello.md", POST.replace("Paragraph 3", "Number 3"))
    await scan(services)
    await scan(services)
    found = (longer / "2024" / "hello.md").read_text()
    assert "Saved here" in found
    assert "Number 3" in found


async def test_a_whole_folder_that_is_moved_and_edited_in_git_keeps_every_post(
    services: Services, tmp_path: Path, rows: Rows
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        text = POST.replace("'Hello'", f"'Post {number}'").replace("Paragraph 3", f"Paragraph 3 of {number}")
        (folder / f"post-{number}.md").write_text(text)
    await attach(services, recognise(folder))
    before = {row.title: row.id for row in await rows("SELECT id, title FROM posts")}
    for path in sorted(folder.iterdir()):
        move(folder, path.name, f"2024/{path.name}", path.read_text().replace("Paragraph 5", "![](../x.png)"))
    report = await scan(services)
    assert (report.renamed, report.created, report.archived) == (300, 0, 0)
    after = await rows("SELECT id, title, status FROM posts")
    assert {row.title: row.id for row in after} == before
    assert {row.status for row in after} == {"published"}


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("", "", 0.0),
        (A, "", 0.0),
        ("Words.", "Words.", 0.0),
        (A, A, 1.0),
        (f"{A}\n{B}\n", f" {B}\n\n{A}", 1.0),
        (f"{A}\n{B}", f"{A}\n{C}", 0.5),
        (f"{A}\n{A}", A, 2 / 3),
    ],
)
def test_similarity(one: str, other: str, share: float) -> None:
    assert similarity(one, other) == pytest.approx(share)
