"""Bringing words back where posts are files, and when the program dies in the middle."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, publish
from tests.features.site.going_back import SITE, bring_back, releases
from tests.plugins.people import Person

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.site import words_back
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach
from pressroom.kernel.jobs import JobContext
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

HELLO = (
    "\ufeff---\r\ntitle: 'Hello'   # the first\r\npublished: 2024-02-03\r\ntags: [Python,   web]\r\n---\r\nWords.\r\n"
)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


@pytest.fixture
async def folder(services: Services, tmp_path: Path, clock: MovableClock, runner: Runner, app: Any) -> Path:
    """An attached folder with three posts, all of them in a release."""
    made = tmp_path / "blog"
    made.mkdir()
    for name in ("hello.md", "other.md", "code.mdx"):
        (made / name).write_bytes(HELLO.encode())
    await attach(services, recognise(made))
    await runner.run_until_idle()
    clock.move(minutes=1)
    return made


async def change(person: Person, slug: str, **fields: Any) -> None:
    saved = await person.patch(f"{POSTS}/{slug}", json=fields, headers={"If-Match": "*"})
    assert saved.status_code == 200, saved.text


async def test_files_get_their_old_bytes_back(folder: Path, editor: Person, runner: Runner) -> None:
    await change(editor, "hello", title="It's worse", tags=["web"], content="Worse.\n")
    await runner.run_until_idle()
    assert b"worse" in (folder / "hello.md").read_bytes()
    result = await bring_back(editor, runner, (await releases(editor))[1]["id"])
    assert (result["restored"], result["refused"]) == (1, 0)
    post = (await editor.get(f"{POSTS}/hello")).json()
    assert (post["title"], post["tags"], post["version"]) == ("Hello", ["Python", "web"], 3)
    restored = (folder / "hello.md").read_bytes().decode()
    assert restored.replace("[Python, web]", "[Python,   web]") == HELLO, "line ends, quotes and comments stayed"
    assert (folder / "other.md").read_bytes() == HELLO.encode()


async def test_what_changed_on_disk_meanwhile_and_what_is_code_is_told(
    folder: Path, services: Services, editor: Person, admin: Person, runner: Runner
) -> None:
    for slug in ("hello", "other", "code"):
        await change(admin, slug, title="Worse")
    await runner.run_until_idle()
    older = (await releases(editor))[1]["id"]
    mine = (folder / "hello.md").read_bytes().replace(b"Words.", b"Mine.")
    (folder / "hello.md").write_bytes(mine)
    result = await bring_back(editor, runner, older)
    assert {each["slug"]: each["code"] for each in result["refusals"]} == {
        "hello": "posts.changed",
        "code": "source.code_for_admins",
    }
    assert (folder / "hello.md").read_bytes() == mine
    assert b"Worse" in (folder / "code.mdx").read_bytes()
    assert (folder / "other.md").read_bytes() == HELLO.encode()

    await scan(services)
    result = await bring_back(admin, runner, older)
    assert (result["restored"], result["same"], result["refused"]) == (2, 1, 0)
    assert (folder / "code.mdx").read_bytes() == HELLO.encode()
    notes = [each["note"][:22] for each in (await editor.get(f"{POSTS}/hello/versions")).json()["data"]]
    assert notes == ["Restored from release ", "From disk", "Edited", "From disk"], "the text on disk is a version"


async def changed_posts(editor: Person, runner: Runner, count: int) -> str:
    """Posts whose words were changed since a release. Returns the release's id."""
    posts = [await publish(editor, f"Post {number}", content="Good.") for number in range(count)]
    await runner.run_until_idle()
    for post in posts:
        await editor.patch(f"{POSTS}/{post['id']}", json={"content": "Bad."}, headers=at(1))
    await runner.run_until_idle()
    return str((await releases(editor))[1]["id"])


@pytest.mark.parametrize("checkpoint_every", [1, 3, 100])
async def test_a_job_that_dies_goes_on_where_it_was(
    editor: Person,
    client: httpx.AsyncClient,
    runner: Runner,
    clock: MovableClock,
    rows: Any,
    monkeypatch: pytest.MonkeyPatch,
    checkpoint_every: int,
) -> None:
    older = await changed_posts(editor, runner, 7)
    monkeypatch.setattr(words_back, "CHECKPOINT_EVERY", checkpoint_every)
    unharmed = JobContext.progress
    steps = iter(range(100))

    async def die_at_the_fifth(self: JobContext, fraction: float, message: str = "") -> None:
        if self.attempt == 1 and next(steps) == 4:
            raise RuntimeError("the power went")
        await unharmed(self, fraction, message)

    with monkeypatch.context() as patched:
        patched.setattr(JobContext, "progress", die_at_the_fifth)
        asked = await editor.post(f"{SITE}/releases/{older}/activate", json={"words": True})
        await runner.run_until_idle()
        restored = await rows("SELECT 1 FROM post_versions WHERE note LIKE 'Restored from release%'")
        assert len(restored) == 5
        clock.move(minutes=1)
        await runner.run_until_idle()
    job = (await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()
    assert (job["state"], job["attempts"]) == ("succeeded", 2)
    assert (job["result"]["restored"], job["result"]["same"], job["result"]["refused"]) == (7, 0, 0)
    assert len(await rows("SELECT 1 FROM post_versions WHERE note LIKE 'Restored from release%'")) == 7
    for number in range(7):
        assert "Good." in (await client.get(f"{PUBLIC}/post-{number}")).json()["content_html"]


async def test_the_wish_and_its_job_are_one(
    editor: Person, client: httpx.AsyncClient, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dying between the commit and the flip, the start makes the flip and the job brings the words back."""
    older = await changed_posts(editor, runner, 1)

    async def die(*_: Any) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("pressroom.features.site.service.SiteService._show", die)
        assert (await editor.post(f"{SITE}/releases/{older}/activate", json={"words": True})).status_code == 500
    assert (await editor.get(SITE)).json()["pinned_to"] == older
    await runner.run_until_idle()
    assert "Good." in (await client.get(f"{PUBLIC}/post-0")).json()["content_html"]
