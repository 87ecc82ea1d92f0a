"""Commits per publish, from the API to the repository."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.conftest import MovableClock
from tests.plugins.people import Person, SignIn
from tests.plugins.repositories import MakeRepository, Repository

from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach, detach
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

Rows = Callable[..., Awaitable[list[Any]]]
POSTS = "/api/v1/admin/posts"
HELLO = "---\ntitle: Hello\npublished: 2024-02-03\n---\nWords.\n"
COMMITS = "SELECT state, result, error FROM jobs WHERE kind = 'source.commit' ORDER BY created_at"
GRACE = "Grace Hopper <grace@example.com>"


@pytest.fixture
def wishes() -> dict[str, Any]:
    return {}


@pytest.fixture
def settings(settings: Settings, wishes: dict[str, Any]) -> Settings:
    return settings.replacing(SourceSettings(**({"git_commit": True} | wishes)))


@pytest.fixture
async def blog(make_repository: MakeRepository, services: Services, clock: MovableClock) -> Repository:
    """An attached working tree with one post."""
    made = make_repository("blog")
    made.write("posts/hello.md", HELLO)
    made.commit_all("Begin")
    await attach(services, recognise(made.top / "posts"))
    clock.move(minutes=1)
    return made


@pytest.fixture
async def grace(sign_in: SignIn) -> Person:
    return await sign_in(Role.editor, username="grace", display_name="Grace Hopper")


async def saved(person: httpx.AsyncClient, slug: str = "hello", **fields: Any) -> None:
    seen = (await person.get(f"{POSTS}/{slug}")).headers["etag"]
    answer = await person.patch(f"{POSTS}/{slug}", json=fields, headers={"If-Match": seen})
    assert answer.status_code == 200, answer.text


async def later(runner: Runner, clock: MovableClock) -> None:
    """What happens once the burst is over."""
    await runner.run_until_idle()
    clock.move(seconds=4)
    await runner.run_until_idle()


async def test_each_step_of_a_post_s_life_is_a_commit_by_who_took_it(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock
) -> None:
    made = await grace.post(POSTS, json={"title": "New", "content": "Words.\n"})
    ref = f"{POSTS}/{made.json()['id']}"
    await later(runner, clock)
    assert len(blog.log) == 1, "a draft is nobody's business"
    for step in ("publish", "unpublish", "publish"):
        assert (await grace.post(f"{ref}/{step}")).status_code == 200
        await later(runner, clock)
    assert (await grace.delete(ref, headers={"If-Match": "*"})).status_code == 204
    await later(runner, clock)
    assert (await grace.post(f"{ref}/restore")).status_code == 200
    await later(runner, clock)
    steps = ["Publish", "Delete", "Publish", "Take back", "Publish"]
    assert blog.log[:-1] == [f"{GRACE}: {step}: New" for step in steps]
    assert blog("status", "--porcelain") == ""


async def test_a_burst_is_one_commit_and_the_last_save_is_in_it(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock
) -> None:
    for number in range(20):
        await saved(grace, title=f"Take {number}")
    await later(runner, clock)
    assert blog.log == [f"{GRACE}: Update: Take 19", "Somebody Else <else@example.com>: Begin"]
    assert "Take 19" in blog("show", "HEAD:posts/hello.md")


async def test_two_people_are_two_names(
    blog: Repository, grace: Person, admin: Person, runner: Runner, clock: MovableClock
) -> None:
    await saved(grace, title="Hers")
    await later(runner, clock)
    await saved(admin, title="His")
    await later(runner, clock)
    assert blog.log[:2] == ["Admin <admin@example.com>: Update: His", f"{GRACE}: Update: Hers"]


async def test_a_scheduled_post_is_committed_as_its_author_s(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock
) -> None:
    made = await grace.post(POSTS, json={"title": "Later", "content": "Words.\n"})
    at = {"at": "2026-03-02T12:00:00Z"}
    assert (await grace.post(f"{POSTS}/{made.json()['id']}/schedule", json=at)).status_code == 200
    await later(runner, clock)
    clock.move(days=1)
    await later(runner, clock)
    assert blog.log[:-1] == [f"{GRACE}: Publish: Later"]


async def test_a_change_on_disk_after_the_save_is_not_committed_in_its_name(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock, rows: Rows
) -> None:
    await saved(grace, title="Hers")
    clock.move(seconds=4)
    (blog.top / "posts/hello.md").write_text(HELLO.replace("Words", "Not hers"))
    (job,) = await rows("SELECT id FROM jobs WHERE kind = 'source.commit'")
    await runner.run_one(UUID(str(job.id)))
    ((state, result, _),) = await rows(COMMITS)
    assert (state, "yours to commit" in str(result)) == ("succeeded", True)
    assert len(blog.log) == 1


async def test_what_git_refuses_is_a_failed_job_with_its_words_and_no_lost_save(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock, rows: Rows
) -> None:
    blog("checkout", "--quiet", "--detach")
    await saved(grace, title="Kept")
    await later(runner, clock)
    ((state, _, error),) = await rows(COMMITS)
    assert (state, "source.git_detached" in str(error), "Check one out" in str(error)) == ("failed", True, True)
    assert "title: Kept" in (blog.top / "posts/hello.md").read_text()
    assert (await grace.get(f"{POSTS}/hello")).json()["title"] == "Kept"


async def test_outside_of_git_it_is_a_note(
    services: Services, folder: Path, grace: Person, runner: Runner, clock: MovableClock, rows: Rows
) -> None:
    await attach(services, recognise(folder))
    await saved(grace, title="Kept")
    await later(runner, clock)
    ((state, result, _),) = await rows(COMMITS)
    assert (state, "not in a working tree" in str(result)) == ("succeeded", True)


async def test_a_folder_that_was_let_go_of_is_not_committed(
    services: Services, blog: Repository, grace: Person, runner: Runner, clock: MovableClock
) -> None:
    await saved(grace, title="Kept")
    await detach(services)
    await later(runner, clock)
    assert len(blog.log) == 1


async def test_what_comes_from_disk_is_not_committed(
    blog: Repository, runner: Runner, clock: MovableClock, rows: Rows
) -> None:
    blog.write("posts/hello.md", HELLO.replace("Words", "From the editor"))
    blog.write("posts/new.md", HELLO)
    clock.move(minutes=1)
    await later(runner, clock)
    assert await rows(COMMITS) == []
    assert len(blog.log) == 1


@pytest.mark.parametrize("wishes", [{"git_push": "origin"}])
async def test_commits_are_pushed_where_a_remote_is_set(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock, tmp_path: Path, rows: Rows
) -> None:
    blog("clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    blog("remote", "add", "origin", str(tmp_path / "away.git"))
    await saved(grace, title="Pushed")
    await later(runner, clock)
    assert len(blog.log) == 2, "a commit does not wait for its push"
    ((state, error),) = await rows("SELECT state, error FROM jobs WHERE kind = 'source.push'")
    assert (state, "source.git_unreachable" in str(error)) == ("queued", True)
    (tmp_path / "origin.git").rename(tmp_path / "away.git")
    clock.move(minutes=1)
    await runner.run_until_idle()
    assert blog("ls-remote", "origin", "main").split()[0] == blog("rev-parse", "HEAD")


@pytest.mark.parametrize("wishes", [{"git_push": "origin"}])
async def test_a_push_that_would_overwrite_others_is_refused(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock, tmp_path: Path, rows: Rows
) -> None:
    blog("clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    blog("remote", "add", "origin", str(tmp_path / "origin.git"))
    other = Repository(tmp_path / "other")
    blog("clone", "--quiet", str(tmp_path / "origin.git"), str(other.top))
    other.write("posts/theirs.md", HELLO)
    theirs = other.commit_all()
    other("push", "--quiet")
    await saved(grace, title="Ours")
    await later(runner, clock)
    ((state, error),) = await rows("SELECT state, error FROM jobs WHERE kind = 'source.push'")
    assert (state, "source.git_diverged" in str(error)) == ("failed", True)
    assert blog("ls-remote", "origin", "main").split()[0] == theirs


@pytest.mark.parametrize("wishes", [{"git_commit": SourceSettings().git_commit}])
async def test_without_the_setting_nothing_is_committed(
    blog: Repository, grace: Person, runner: Runner, clock: MovableClock, rows: Rows
) -> None:
    await saved(grace, title="Not committed")
    await later(runner, clock)
    assert await rows(COMMITS) == []
    assert len(blog.log) == 1


@pytest.mark.parametrize("template", ["{secret}", "{title.__class__}", "{0}", "{", ""])
def test_a_template_that_would_fail_is_refused_at_the_start(template: str) -> None:
    with pytest.raises(ValueError, match="git_message"):
        SourceSettings(git_message=template)


async def test_a_restored_file_of_code_is_for_administrators(
    services: Services, make_repository: MakeRepository, grace: Person, admin: Person
) -> None:
    blog = make_repository("code")
    blog.write("posts/code.mdx", HELLO)
    await attach(services, recognise(blog.top / "posts"))
    found = (await admin.get(f"{POSTS}/code")).json()
    assert (await admin.delete(f"{POSTS}/code", headers={"If-Match": "*"})).status_code == 204
    refused = await grace.post(f"{POSTS}/{found['id']}/restore")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "source.code_for_admins")
    assert (await admin.post(f"{POSTS}/{found['id']}/restore")).status_code == 200
