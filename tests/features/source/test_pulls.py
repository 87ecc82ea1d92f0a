"""Pulling from a bare repository next door: one fast-forward, one scan, or nothing at all."""

import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.plugins.people import Person
from tests.plugins.repositories import MakeRepository, Repository

from pressroom.composition import build_services
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.features.source.settings import SourceSettings
from pressroom.features.source.tasks import SCHEDULES
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

Rows = Callable[..., Awaitable[list[Any]]]
PULL = "/api/v1/admin/site/pull"
TEXT = "---\ntitle: {}\ndate: 2024-02-03\n---\nWords.\n"


@pytest.fixture
def writer(make_repository: MakeRepository, tmp_path: Path) -> Repository:
    """Somebody else's clone, with two posts, pushed to a bare repository."""
    made = make_repository("elsewhere")
    for name in ("one", "two"):
        made.write(f"posts/{name}.md", TEXT.format(name.title()))
    made.commit_all("Begin")
    made("clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    made("remote", "add", "origin", str(tmp_path / "origin.git"))
    made("push", "--quiet", "--set-upstream", "origin", "main")
    return made


@pytest.fixture
async def blog(writer: Repository, services: Services, tmp_path: Path) -> Repository:
    """Our clone, attached."""
    writer("clone", "--quiet", str(tmp_path / "origin.git"), str(tmp_path / "blog"))
    await attach(services, recognise(tmp_path / "blog" / "posts"))
    return Repository(tmp_path / "blog")


async def pulled(admin: httpx.AsyncClient, runner: Runner) -> dict[str, Any]:
    asked = await admin.post(PULL)
    assert asked.status_code == 202, asked.text
    await runner.run_until_idle()
    job: dict[str, Any] = (await admin.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()
    return job


async def test_what_others_pushed_comes_in_as_one_batch(
    admin: Person, writer: Repository, blog: Repository, runner: Runner, rows: Rows
) -> None:
    (before,) = await rows("SELECT id FROM posts WHERE slug = 'one'")
    writer("mv", "posts/one.md", "posts/first.md")
    (writer.top / "posts/two.md").unlink()
    writer.write("posts/three.md", TEXT.format("Three"))
    writer.commit_all("Move, delete, add")
    writer("push", "--quiet")
    job = await pulled(admin, runner)
    assert job["state"] == "succeeded", job["error"]
    assert job["result"]["commits"] == 1
    assert job["result"]["after"] == blog("rev-parse", "--short", "HEAD") != job["result"]["before"]
    found = job["result"]["scan"]
    assert (found["renamed"], found["archived"], found["created"]) == (1, 1, 1)
    assert await rows("SELECT id FROM posts WHERE slug = 'one'") == [before]
    log = [row.message for row in await rows("SELECT message FROM job_events ORDER BY id")]
    assert any("Fast-forward" in line and "first.md" in line for line in log), log


async def test_nothing_new_is_nothing(admin: Person, blog: Repository, runner: Runner) -> None:
    job = await pulled(admin, runner)
    assert (job["state"], job["result"]["commits"]) == ("succeeded", 0)
    assert job["result"]["after"] == blog("rev-parse", "--short", "HEAD")


async def refused(admin: Person, blog: Repository, runner: Runner) -> dict[str, str]:
    """A pull that fails and leaves the working tree as it was."""

    def state() -> tuple[str, str, set[tuple[str, str]]]:
        files = {(path.name, path.read_text()) for path in (blog.top / "posts").iterdir()}
        return blog("rev-parse", "HEAD"), blog("status", "--porcelain"), files

    before = state()
    job = await pulled(admin, runner)
    assert (job["state"], state()) == ("failed", before)
    error: dict[str, str] = job["error"]
    return error


async def test_diverged_branches_are_for_a_person(
    admin: Person, writer: Repository, blog: Repository, runner: Runner
) -> None:
    writer.write("posts/two.md", TEXT.format("Theirs"))
    writer.commit_all()
    writer("push", "--quiet")
    blog.write("posts/one.md", TEXT.format("Ours"))
    blog.commit_all()
    error = await refused(admin, blog, runner)
    assert error["code"] == "source.git_diverged"
    assert error["message"].startswith("1 commits here and 1 there; nothing was changed")


async def test_a_changed_file_in_the_way_is_left_and_named(
    admin: Person, writer: Repository, blog: Repository, runner: Runner
) -> None:
    writer.write("posts/two.md", TEXT.format("Theirs"))
    writer.commit_all()
    writer("push", "--quiet")
    blog.write("posts/two.md", TEXT.format("Not committed"))
    error = await refused(admin, blog, runner)
    assert error["code"] == "source.git_refused"
    assert "posts/two.md" in error["message"]


async def test_changed_files_that_are_not_in_the_way_stay(
    admin: Person, writer: Repository, blog: Repository, runner: Runner, rows: Rows
) -> None:
    writer.write("posts/two.md", TEXT.format("Theirs"))
    writer.commit_all()
    writer("push", "--quiet")
    blog.write("posts/one.md", TEXT.format("Not committed"))
    assert (await pulled(admin, runner))["state"] == "succeeded"
    assert (blog.top / "posts/one.md").read_text() == TEXT.format("Not committed")
    titles = {row.title for row in await rows("SELECT title FROM posts")}
    assert titles == {"Not committed", "Theirs"}


async def test_a_remote_that_does_not_answer_is_told_in_git_s_words(
    admin: Person, blog: Repository, runner: Runner, tmp_path: Path
) -> None:
    shutil.move(tmp_path / "origin.git", tmp_path / "away.git")
    error = await refused(admin, blog, runner)
    assert error["code"] == "source.git_unreachable"
    assert "origin.git" in error["message"]


async def test_a_branch_without_a_remote_and_no_branch_are_told_apart(
    admin: Person, blog: Repository, runner: Runner
) -> None:
    blog("branch", "--unset-upstream")
    error = await refused(admin, blog, runner)
    assert (error["code"], "upstream" in error["message"]) == ("source.git_refused", True)
    blog("checkout", "--quiet", "--detach")
    assert (await refused(admin, blog, runner))["code"] == "source.git_detached"


async def test_strangers_and_editors_do_not_pull(client: httpx.AsyncClient, editor: Person, blog: Repository) -> None:
    del blog
    assert (await client.post(PULL)).status_code == 401
    assert (await editor.post(PULL)).status_code == 403


async def test_without_a_folder_or_git_there_is_nothing_to_pull_into(
    admin: Person, services: Services, folder: Path
) -> None:
    answer = await admin.post(PULL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "source.nothing_attached")
    await attach(services, recognise(folder))
    answer = await admin.post(PULL)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "source.not_in_git")


async def test_asking_twice_pulls_once(admin: Person, blog: Repository, runner: Runner, rows: Rows) -> None:
    del blog
    first, second = [(await admin.post(PULL)).json()["job_id"] for _ in range(2)]
    assert first == second
    await runner.run_until_idle()
    assert len(await rows("SELECT id FROM jobs WHERE kind = 'source.pull'")) == 1


@pytest.mark.parametrize(("minutes", "pulls"), [(0, 0), (30, 2)])
async def test_pulls_come_back_as_often_as_is_set(
    settings: Settings, clock: MovableClock, blog: Repository, rows: Rows, minutes: int, pulls: int
) -> None:
    del blog
    timed = build_services(settings.replacing(SourceSettings(git_pull_minutes=minutes)), clock=clock)
    runner = Runner(timed, SCHEDULES)
    for _ in range(5):
        await runner.run_until_idle()
        clock.move(minutes=15)
    assert len(await rows("SELECT id FROM jobs WHERE kind = 'source.pull' AND state = 'succeeded'")) == pulls
    assert SCHEDULES[1].interval(timed.settings) == (timedelta(minutes=minutes) if minutes else None)
    await timed.close()
