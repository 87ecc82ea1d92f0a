"""Going back: what it changes is shown first, told after, and can bring the words back."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish
from tests.features.site.going_back import SITE, bring_back, history, kinds, release, releases
from tests.plugins.people import SEEN, Person

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.site.feature import start
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.workshop import workshop
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

NOWHERE = "0198f000-0000-7000-8000-000000000000"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


async def test_a_release_says_what_taking_it_live_would_change(editor: Person, runner: Runner) -> None:
    await history(editor, runner)
    newest, older = (await releases(editor))[:2]
    assert (newest["changed_since"], older["changed_since"]) == (0, 3)

    found = await release(editor, older["id"])
    assert (found["posts"], found["is_live"], found["words"]) == (3, False, 1)
    assert kinds(found["changes"]) == {"newer": "newer", "changed": "changed", "gone": "hidden"}
    assert found["counts"] == {"total": 3, "newer": 1, "brought_back": 0, "changed": 1, "hidden": 1, "unseen": 0}
    changed = found["changes"][1]
    assert (changed["version_then"], changed["version_now"]) == (1, 2)
    assert (changed["title_then"], changed["title_now"]) == ("Changed", "Worse")
    assert (await release(editor, newest["id"]))["changes"] == []

    page = await release(editor, older["id"], limit=2, offset=1)
    assert (kinds(page["changes"]), page["meta"]["total"]) == ({"changed": "changed", "gone": "hidden"}, 3)
    assert (await release(editor, older["id"], limit=2))["meta"]["next"].endswith("limit=2&offset=2")


async def test_going_back_tells_what_it_changed_and_what_waits(
    editor: Person, client: httpx.AsyncClient, runner: Runner
) -> None:
    await history(editor, runner)
    newest, older = (await releases(editor))[:2]
    done = await editor.post(f"{SITE}/releases/{older['id']}/activate")
    assert done.status_code == 200, done.text
    assert (done.json()["counts"]["total"], done.json()["is_pinned"], done.json()["job_id"]) == (3, True, None)
    assert "Changed words." in (await client.get("/posts/changed/")).text
    assert (await client.get("/posts/newer/")).status_code == 404

    site = (await editor.get(SITE)).json()
    assert site["pinned_to"] == older["id"]
    assert site["live"]["changed_since"] == 3
    assert kinds(site["waiting"]["posts"]) == {"newer": "newer", "changed": "changed", "gone": "hidden"}

    forward = await release(editor, newest["id"])
    assert kinds(forward["changes"]) == {"newer": "unseen", "changed": "changed", "gone": "brought_back"}
    assert forward["changes"][1]["title_then"] == "Worse"

    again = (await editor.post(f"{SITE}/releases/{older['id']}/activate")).json()
    assert again["counts"]["total"] == 0

    unpinned = await editor.post(f"{SITE}/unpin")
    assert (unpinned.status_code, unpinned.json()["counts"]["total"]) == (202, 3)
    assert (await client.get("/posts/newer/")).status_code == 200
    assert (await editor.get(SITE)).json()["waiting"]["counts"]["total"] == 0


async def test_words_come_back_as_new_versions_and_the_rest_stays(
    editor: Person, client: httpx.AsyncClient, runner: Runner
) -> None:
    posts = await history(editor, runner)
    older = (await releases(editor))[1]
    result = await bring_back(editor, runner, older["id"])
    assert (result["restored"], result["same"], result["refused"], result["left"]) == (1, 0, 0, 2)
    assert kinds(result["left_alone"]) == {"newer": "newer", "gone": "hidden"}

    versions = (await editor.get(f"{POSTS}/{posts['Changed']['id']}/versions")).json()["data"]
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert (versions[0]["note"], versions[0]["saved_by"]) == (
        f"Restored from release {older['created_at'][:19].replace('T', ' ')}Z",
        str(editor.id),
    )
    assert (await client.get(f"{PUBLIC}/changed")).json()["title"] == "Changed"
    assert (await client.get(f"{PUBLIC}/newer")).status_code == 200, "a newer post stays as it is"
    assert (await client.get(f"{PUBLIC}/gone")).status_code == 404, "nothing is republished without being asked"
    assert (await client.get("/posts/newer/")).status_code == 404, "and the site stays pinned"
    assert (await editor.get(SITE)).json()["pinned_to"] == older["id"]

    again = await bring_back(editor, runner, older["id"])
    assert (again["restored"], again["same"]) == (0, 1)
    assert len((await editor.get(f"{POSTS}/{posts['Changed']['id']}/versions")).json()["data"]) == 3


async def test_a_post_that_is_saved_again_meanwhile_is_told_and_the_others_come_back(
    editor: Person, client: httpx.AsyncClient, runner: Runner
) -> None:
    posts = [await publish(editor, f"Post {number}", content="Good.") for number in range(3)]
    await runner.run_until_idle()
    for post in posts:
        await editor.patch(f"{POSTS}/{post['id']}", json={"content": "Bad."}, headers=at(1))
    await runner.run_until_idle()
    older = (await releases(editor))[1]
    asked = await editor.post(f"{SITE}/releases/{older['id']}/activate", json={"words": True})
    await editor.patch(f"{POSTS}/post-0", json={"content": "Better."}, headers=at(2))
    await editor.delete(f"{POSTS}/post-1", headers=at(2))
    await runner.run_until_idle()
    job = (await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()
    result = job["result"]
    assert (result["restored"], result["refused"]) == (1, 2)
    assert {each["slug"]: each["code"] for each in result["refusals"]} == {
        "post-0": "posts.changed",
        "post-1": "posts.in_trash",
    }
    assert "Better." in (await client.get(f"{PUBLIC}/post-0")).json()["content_html"]
    assert "Good." in (await client.get(f"{PUBLIC}/post-2")).json()["content_html"]


async def test_who_may_no_longer_decide_brings_nothing_back(
    editor: Person, owner: Person, client: httpx.AsyncClient, runner: Runner
) -> None:
    await history(editor, runner)
    older = (await releases(editor))[1]
    asked = await editor.post(f"{SITE}/releases/{older['id']}/activate", json={"words": True})
    demoted = await owner.patch(f"/api/v1/users/{editor.id}", json={"role": "author"}, headers=SEEN)
    assert demoted.status_code == 200, demoted.text
    await runner.run_until_idle()
    job = (await owner.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()
    assert (job["state"], job["error"]["code"]) == ("failed", "auth.not_permitted")
    assert (await client.get(f"{PUBLIC}/changed")).json()["title"] == "Worse"


async def test_likes_and_accounts_are_not_touched(editor: Person, runner: Runner, rows: Any) -> None:
    """Everything but posts, their versions and what is made from them is as it was."""
    await history(editor, runner)
    older = (await releases(editor))[1]
    people = await rows("SELECT id, username, role, updated_at, security_version FROM users ORDER BY id")
    counters = await rows("SELECT id, comments_count, likes_count, bookmarks_count, author_id FROM posts ORDER BY id")
    await bring_back(editor, runner, older["id"])
    assert await rows("SELECT id, username, role, updated_at, security_version FROM users ORDER BY id") == people
    kept = await rows("SELECT id, comments_count, likes_count, bookmarks_count, author_id FROM posts ORDER BY id")
    assert kept == counters


@pytest.mark.parametrize("body", [{"words": "perhaps"}, {"word": True}, []])
async def test_a_wish_that_nobody_understands_changes_nothing(editor: Person, runner: Runner, body: Any) -> None:
    await history(editor, runner)
    newest, older = (await releases(editor))[:2]
    refused = await editor.post(f"{SITE}/releases/{older['id']}/activate", json=body)
    assert refused.status_code == 422
    assert (await editor.get(SITE)).json()["live"]["id"] == newest["id"]


async def test_strangers_members_and_authors(client: httpx.AsyncClient, member: Person, author: Person) -> None:
    path = f"{SITE}/releases/{NOWHERE}"
    assert (await client.get(path)).status_code == 401
    assert (await client.post(f"{path}/activate", json={"words": True})).status_code == 401
    assert (await member.get(path)).status_code == 403
    assert (await author.post(f"{path}/activate", json={"words": True})).status_code == 403
    found = await author.get(path)
    assert (found.status_code, code(found)) == (404, "site.release_not_found")


async def test_the_start_makes_the_flip_that_unpinning_promised(
    editor: Person, services: Services, runner: Runner
) -> None:
    await history(editor, runner)
    newest, older = (await releases(editor))[:2]
    await editor.post(f"{SITE}/releases/{older['id']}/activate")
    async with services.unit() as unit:  # the wish was committed, then the process died
        await SiteRepository(unit.session).store_pin(None)
    await start(services)
    assert workshop(services).store.current() == newest["id"]


async def test_the_start_never_takes_back_what_went_live_before_it_was_listed(
    editor: Person, services: Services, runner: Runner
) -> None:
    await history(editor, runner)
    newest = (await releases(editor))[0]
    async with services.unit() as unit:  # died after the flip, before its row
        await SiteRepository(unit.session).forget_releases([UUID(newest["id"])])
    await start(services)
    assert workshop(services).store.current() == newest["id"]


async def test_every_day_what_no_kept_release_shows_is_forgotten(
    editor: Person, services: Services, runner: Runner, clock: MovableClock, rows: Any
) -> None:
    posts = await history(editor, runner)
    for version in range(2, 9):
        saved = await editor.patch(
            f"{POSTS}/{posts['Changed']['id']}", json={"content": str(version)}, headers=at(version)
        )
        assert saved.status_code == 200
        await runner.run_until_idle()
    kept = await releases(editor)
    before = {each["id"]: (await release(editor, each["id"]))["changes"] for each in kept}
    assert len(kept) == 5
    clock.move(days=1)
    await runner.run_until_idle()
    (count,) = await rows("SELECT count(*) AS n FROM post_showings")
    # Gone, Newer and Same as the oldest kept release shows them, and Changed as each of the five does.
    assert count.n == 3 + 5
    clock.move(days=-1)
    assert {each["id"]: (await release(editor, each["id"]))["changes"] for each in kept} == before
    assert before[kept[-1]["id"]][0]["version_now"] == 9
