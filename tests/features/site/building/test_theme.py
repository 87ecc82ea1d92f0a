"""From a published post to what readers see."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from pressroom.features.posts.service import typesetting
from pressroom.features.site.building.going_live import GoingLive
from pressroom.features.site.feature import start
from pressroom.features.site.repository import SiteRepository
from pressroom.features.site.workshop import workshop
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.http.front_door import FrontDoor
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services


async def publish(client: httpx.AsyncClient, title: str, content: str = "Some *words*.", **more: Any) -> dict[str, Any]:
    made = await client.post("/api/v1/admin/posts", json={"title": title, "content": content, **more})
    assert made.status_code == 201, made.text
    post: dict[str, Any] = made.json()
    done = await client.post(f"/api/v1/admin/posts/{post['id']}/publish", headers={"If-Match": made.headers["etag"]})
    assert done.status_code == 200, done.text
    published: dict[str, Any] = done.json()
    return published


async def test_a_published_post_has_a_page(
    editor: httpx.AsyncClient, client: httpx.AsyncClient, runner: Runner
) -> None:
    await publish(editor, "Hello readers")
    await runner.run_until_idle()

    page = await client.get("/posts/hello-readers/")

    assert page.status_code == 200
    assert "<em>words</em>" in page.text
    assert "Hello readers" in (await client.get("/")).text


async def test_an_unpublished_post_leaves_the_site(
    editor: httpx.AsyncClient, client: httpx.AsyncClient, runner: Runner
) -> None:
    post = await publish(editor, "Short lived")
    await runner.run_until_idle()
    current = await editor.get(f"/api/v1/admin/posts/{post['id']}")
    await editor.post(f"/api/v1/admin/posts/{post['id']}/unpublish", headers={"If-Match": current.headers["etag"]})
    await runner.run_until_idle()

    assert (await client.get("/posts/short-lived/")).status_code == 404
    assert "Short lived" not in (await client.get("/")).text


@pytest.mark.parametrize("old", ["hello", "你好-世界"])
async def test_an_old_address_in_any_script_leads_on_for_good(
    editor: httpx.AsyncClient, client: httpx.AsyncClient, runner: Runner, old: str
) -> None:
    post = await publish(editor, "Moved", slug=old)
    address = f"/api/v1/admin/posts/{post['id']}"
    seen = (await editor.get(address)).headers["etag"]
    moved = await editor.patch(address, json={"slug": "再见"}, headers={"If-Match": seen})
    assert moved.status_code == 200, moved.text
    await runner.run_until_idle()

    answer = await client.get(f"/posts/{old}/", params={"utm": "1"})

    assert (answer.status_code, answer.headers.get("location")) == (301, "/posts/%E5%86%8D%E8%A7%81/?utm=1")


async def test_a_draft_never_reaches_the_site(editor: httpx.AsyncClient, settings: Any, runner: Runner) -> None:
    await editor.post("/api/v1/admin/posts", json={"title": "Not yet", "content": "secretword"})
    await publish(editor, "Seen")
    await runner.run_until_idle()

    files = [path for path in Path(settings.data, "site", "current").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"secretword" in path.read_bytes()]


async def test_a_small_change_writes_few_files(editor: httpx.AsyncClient, runner: Runner) -> None:
    for number in range(30):
        await publish(editor, f"Post {number}")
    await runner.run_until_idle()
    await publish(editor, "One more")
    await runner.run_until_idle()

    builds = (await editor.get("/api/v1/admin/site/builds")).json()["data"]

    assert builds[0]["state"] == "succeeded"
    assert not builds[0]["is_full"]
    assert 0 < builds[0]["files_written"] < 20


async def test_a_restarted_process_goes_on_where_the_release_stands(
    editor: httpx.AsyncClient, services: Services, runner: Runner
) -> None:
    await publish(editor, "First")
    await runner.run_until_idle()
    workshop(services).progress = None  # what a restart forgets

    asked = await editor.post("/api/v1/admin/site/builds")
    await runner.run_until_idle()
    job = (await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()

    assert job["result"] == {"state": "unchanged"}
    assert workshop(services).progress is not None


async def test_a_broken_theme_leaves_the_live_release_alone_and_says_where(
    editor: httpx.AsyncClient,
    client: httpx.AsyncClient,
    services: Services,
    runner: Runner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish(editor, "Fine")
    await runner.run_until_idle()
    theme = services.settings.data / "theme"
    (theme / "templates").mkdir(parents=True)
    (theme / "templates" / "post.html").write_text("<h1>\n{{ nonsense.here }}", "utf-8")
    monkeypatch.setattr("pressroom.features.site.workshop.theme_folder", lambda _: theme)
    workshop(services)._press = None
    await publish(editor, "Broken now")
    await runner.run_until_idle()

    build = (await editor.get("/api/v1/admin/site/builds")).json()["data"][0]

    assert build["state"] == "failed"
    assert build["error"]["template"].endswith("post.html")
    assert build["error"]["line"] == 2
    assert build["error"]["post"]
    assert (await client.get("/posts/fine/")).status_code == 200
    assert (await client.get("/posts/broken-now/")).status_code == 404


async def test_going_back_pins_and_unpinning_catches_up(
    editor: httpx.AsyncClient, client: httpx.AsyncClient, runner: Runner
) -> None:
    await publish(editor, "Old")
    await runner.run_until_idle()
    await publish(editor, "New")
    await runner.run_until_idle()
    releases = (await editor.get("/api/v1/admin/site/releases")).json()["data"]

    back = await editor.post(f"/api/v1/admin/site/releases/{releases[1]['id']}/activate")
    assert back.json()["is_live"]
    assert back.json()["is_pinned"]
    assert (await client.get("/posts/new/")).status_code == 404
    assert (await editor.get("/api/v1/admin/site")).json()["waiting"]["posts"][0]["slug"] == "new"

    await publish(editor, "Newest")
    await runner.run_until_idle()
    assert (await client.get("/posts/newest/")).status_code == 404

    assert (await editor.post("/api/v1/admin/site/unpin")).status_code == 202
    await runner.run_until_idle()
    assert (await client.get("/posts/new/")).status_code == 200
    assert (await client.get("/posts/newest/")).status_code == 200


async def test_a_pin_set_while_a_build_goes_live_wins(
    editor: httpx.AsyncClient,
    client: httpx.AsyncClient,
    services: Services,
    runner: Runner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish(editor, "Kept")
    await runner.run_until_idle()
    live = (await editor.get("/api/v1/admin/site")).json()["live"]["id"]
    unhurried = GoingLive._pin
    looks = iter([None])

    async def pinned_just_now(going_live: GoingLive) -> Any:
        try:
            return next(looks)
        except StopIteration:
            return await unhurried(going_live)

    monkeypatch.setattr(GoingLive, "_pin", pinned_just_now)
    await editor.post("/api/v1/admin/site/pin")
    await publish(editor, "Too late")
    await runner.run_until_idle()

    assert (await editor.get("/api/v1/admin/site")).json()["live"]["id"] == live
    assert (await client.get("/posts/too-late/")).status_code == 404


@pytest.mark.parametrize("path", ["", "/builds", "/releases"])
async def test_strangers_and_members_see_nothing_of_it(
    client: httpx.AsyncClient, member: httpx.AsyncClient, path: str
) -> None:
    assert (await client.get(f"/api/v1/admin/site{path}")).status_code == 401
    assert (await member.get(f"/api/v1/admin/site{path}")).status_code == 403


@pytest.mark.parametrize("path", ["pin", "unpin", "releases/0198f000-0000-7000-8000-000000000000/activate"])
async def test_only_editors_decide_what_is_live(author: httpx.AsyncClient, path: str) -> None:
    assert (await author.post(f"/api/v1/admin/site/{path}")).status_code == 403


async def test_an_unknown_release_is_not_found(editor: httpx.AsyncClient) -> None:
    answer = await editor.post("/api/v1/admin/site/releases/0198f000-0000-7000-8000-000000000000/activate")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "site.release_not_found"


async def test_old_releases_are_pruned_and_forgotten(
    editor: httpx.AsyncClient, services: Services, runner: Runner
) -> None:
    for number in range(7):
        await publish(editor, f"Number {number}")
        await runner.run_until_idle()

    listed = (await editor.get("/api/v1/admin/site/releases")).json()

    assert listed["meta"]["total"] == 5
    assert len(workshop(services).store.list()) == 5


async def test_the_start_makes_the_flip_that_a_pin_promised(
    editor: httpx.AsyncClient, services: Services, runner: Runner, app: FrontDoor
) -> None:
    await publish(editor, "One")
    await runner.run_until_idle()
    await publish(editor, "Two")
    await runner.run_until_idle()
    older = workshop(services).store.list()[-2]
    async with services.unit() as unit:  # the wish was committed, then the process died
        await SiteRepository(unit.session).store_pin(UUID(older))

    await start(services)

    assert workshop(services).store.current() == older


@pytest.mark.parametrize("beside", ["the job that typesets", "nobody who typesets"])
async def test_a_build_holds_every_post_whole_while_a_new_folder_is_typeset(  # fixtures
    editor: httpx.AsyncClient,
    client: httpx.AsyncClient,
    services: Services,
    runner: Runner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: Any,
    beside: str,
) -> None:
    monkeypatch.setattr(typesetting, "BATCH", 3)
    folder = tmp_path / "blog"
    folder.mkdir()
    for number in range(40):
        front = f"---\ntitle: Post {number}\npublished: 2024-01-{number % 28 + 1:02}\n---\n"
        (folder / f"post-{number}.md").write_text(f"{front}Words of *number* {number}.\n")
    await attach(services, recognise(folder))
    if beside == "nobody who typesets":
        async with services.unit() as unit:
            await unit.session.execute(text("DELETE FROM jobs"))
    await editor.post("/api/v1/admin/site/builds")
    await runner.run_until_idle()

    builds = (await editor.get("/api/v1/admin/site/builds")).json()["data"]
    assert {build["state"] for build in builds} <= {"succeeded", "unchanged"}
    first = min(Path(services.settings.data, "site", "releases").iterdir())
    for number in range(40):
        page = (first / "posts" / f"post-{number}" / "index.html").read_text()
        assert f"<p>Words of <em>number</em> {number}.</p>" in page
    assert f"Words of number {27}." in (first / "rss.xml").read_text()
    assert await rows("SELECT id FROM posts WHERE NOT is_typeset") == []
    assert (await client.get("/posts/post-0/")).status_code == 200
