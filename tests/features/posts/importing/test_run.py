import runpy
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.features.posts.desk import POSTS, PUBLIC, at, slugs
from tests.plugins.people import Person

from pressroom.features.posts.filling import Writer
from pressroom.features.posts.importing import run
from pressroom.features.posts.importing.report import Report
from pressroom.features.posts.importing.run import Import, import_folder
from pressroom.kernel.services import Services

GOOD = "---\ntitle: Good\ndate: 2024-02-03\ntags: [a]\nmood: bright\n---\nWords and ![p](./p.png)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "blog"
    made.mkdir()
    return made


async def bring(services: Services, folder: Path, **more: Any) -> Report:
    return await import_folder(services, Import(folder, "blog", **more), told=lambda _done, _total: None)


def outcomes(report: Report) -> dict[str, str]:
    return {each.path: str(each.outcome) for each in report.files}


async def test_a_folder_arrives_as_it_is(
    services: Services, editor: Person, client: httpx.AsyncClient, folder: Path
) -> None:
    (folder / "good.md").write_text(GOOD)
    (folder / "draft.md").write_text("---\ntitle: Draft\ndraft: true\n---\nNot yet.\n")
    (folder / "later.md").write_text("---\ntitle: Later\ndate: 2030-01-01\n---\nWait.\n")
    report = await bring(services, folder)
    assert report.counts == {"created": 3}
    good = (await editor.get(f"{POSTS}/good")).json()
    assert (good["status"], good["published"], good["frontmatter"]) == ("published", "2024-02-03", {"mood": "bright"})
    assert good["updated_at"] == "2024-02-03T00:00:00Z", "importing is no change of words"
    assert good["author_id"] is None
    assert (await editor.get(f"{POSTS}/later")).json()["status"] == "scheduled"
    assert await slugs(client) == ["good"]
    notes = next(each.notes for each in report.files if each.path == "good.md")
    assert notes == ("pictures beside it are not imported: ./p.png",)


async def test_a_second_run_does_only_what_is_new(
    services: Services, editor: Person, client: httpx.AsyncClient, folder: Path
) -> None:
    for name in ("same", "changed", "edited", "trashed"):
        (folder / f"{name}.md").write_text(GOOD.replace("Good", name.title()))
    await bring(services, folder)
    await editor.patch(f"{POSTS}/edited", json={"content": "Edited here"}, headers=at(1))
    await editor.delete(f"{POSTS}/trashed", headers=at(1))
    for name in ("changed", "edited", "trashed"):
        (folder / f"{name}.md").write_text(GOOD.replace("Good", f"{name.title()} in the file"))
    report = await bring(services, folder)
    assert outcomes(report) == {
        "same.md": "unchanged",
        "changed.md": "updated",
        "edited.md": "kept",
        "trashed.md": "kept",
    }
    changed = (await client.get(f"{PUBLIC}/changed")).json()
    assert changed["title"] == "Changed in the file", "the address stays, the words are new"
    assert (await editor.get(f"{POSTS}/edited")).json()["content"] == "Edited here"
    assert (await editor.get(f"{POSTS}/changed/versions")).json()["data"][0]["note"] == "Imported again"
    assert (await bring(services, folder)).counts == {"unchanged": 2, "kept": 2}


async def test_a_dry_run_says_the_same_and_writes_nothing(services: Services, editor: Person, folder: Path) -> None:
    (folder / "good.md").write_text(GOOD)
    (folder / "bad.md").write_text("---\ntitle: A\ntitle: B\n---\n")
    dry = await bring(services, folder, dry_run=True)
    assert outcomes(dry) == {"good.md": "created", "bad.md": "failed"}
    assert await slugs(editor, POSTS) == []
    assert outcomes(await bring(services, folder)) == outcomes(dry)


async def test_everything_can_arrive_as_a_draft_of_somebody(
    services: Services, author: Person, client: httpx.AsyncClient, folder: Path
) -> None:
    (folder / "good.md").write_text(GOOD)
    await bring(services, folder, as_drafts=True, writer=Writer(author.id, "Author", "author"))
    assert (await author.get(f"{POSTS}/good")).json()["status"] == "draft"
    assert await slugs(client) == []


async def test_files_that_cannot_be_imported_are_told_with_the_reason_and_the_others_arrive(
    services: Services, editor: Person, folder: Path
) -> None:
    await editor.post(POSTS, json={"title": "There", "slug": "there"})
    files = {
        "a.md": GOOD.encode(),
        "copy.md": GOOD.encode(),
        "latin.md": "---\ntitle: Café\n---\n".encode("latin-1"),
        "unclosed.md": b"---\ntitle: x\n\nwords",
        "taken.md": b"---\ntitle: x\nslug: there\n---\n",
        "one.md": b"---\ntitle: x\nslug: wanted\n---\n1",
        "two.md": b"---\ntitle: x\nslug: wanted\n---\n2",
        "long.md": b"---\ntitle: " + b"a" * 301 + b"\n---\n",
        "nul.md": b"---\ntitle: x\n---\na\0b",
        "cats.md": b"---\ntitle: x\nsecond_level_category: y\n---\n",
        "deep.md": b"---\ntitle: x\n---\n" + b"> " * 300 + b"x",
        "z/a.md": b"---\ntitle: A, too\n---\n",
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    report = await bring(services, folder)
    told = {each.path: (str(each.outcome), each.reason) for each in report.files}
    assert told["a.md"] == ("created", "")
    assert told["z/a.md"] == ("created", ""), "a name that is used is numbered"
    assert told["copy.md"] == ("duplicate", "the same as a.md")
    assert told["latin.md"] == ("failed", "not UTF-8: byte 15 is 0xe9")
    assert told["unclosed.md"][1].startswith("Line 1, column 1: The front matter is never closed")
    assert told["taken.md"] == ("failed", "another post is at “there”; change its slug")
    assert told["two.md"] == ("duplicate", "its slug “wanted” is that of one.md")
    assert told["long.md"] == ("failed", "title: String should have at most 300 characters")
    assert told["nul.md"] == ("failed", "content: Character 2 is a control character (U+0000); remove it.")
    assert told["cats.md"] == ("failed", "A second-level category needs a first-level one")
    assert told["deep.md"][0] == "failed"
    assert set(await slugs(editor, POSTS)) == {"there", "a", "a-2", "wanted"}
    assert report.failed


async def test_the_corpus_arrives_from_several_processes(
    services: Services, client: httpx.AsyncClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Path(__file__).parents[4] / "examples" / "corpus.py"
    broken = runpy.run_path(str(script))["write_corpus"](folder, posts=120)
    monkeypatch.setattr(run, "BATCH", 25)
    report = await bring(services, folder)
    assert report.counts == {"created": 120 - broken, "failed": broken}
    assert all(each.path.startswith("broken/") for each in report.files if each.outcome == "failed")
    published = (await client.get(PUBLIC, params={"limit": 100})).json()
    assert 60 < published["meta"]["total"] < 120
    assert {post["lang"] for post in published["data"]} == {"en", "zh"}
