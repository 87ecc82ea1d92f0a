"""An attached site is built by its own command, from a save to the live page, and when it breaks."""

import asyncio
import os
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.site.building.conftest import OwnSite
from tests.plugins.people import SignIn

from pressroom.features.site.settings import BuildSettings
from pressroom.features.source.service import detach
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Environment, Settings

POSTS = "/api/v1/admin/posts"
SITE = "/api/v1/admin/site"


@pytest.fixture
async def editor(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.editor)


async def save(editor: httpx.AsyncClient, slug: str, **fields: Any) -> dict[str, Any]:
    seen = (await editor.get(f"{POSTS}/{slug}")).headers["etag"]
    done = await editor.patch(f"{POSTS}/{slug}", json=fields, headers={"If-Match": seen})
    assert done.status_code == 200, done.text
    saved: dict[str, Any] = done.json()
    return saved


async def last_build(editor: httpx.AsyncClient) -> dict[str, Any]:
    build: dict[str, Any] = (await editor.get(f"{SITE}/builds")).json()["data"][0]
    return build


async def test_attaching_publishes_the_sites_own_pages_and_a_save_reaches_them(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    page = await client.get("/posts/hello/")
    assert "<h1>Ours</h1>" in page.text
    assert (await client.get("/")).text == "<h1>Ours</h1>\n"

    await save(editor, "hello", content="New words.")
    await runner.run_until_idle()

    assert "New words." in (await client.get("/posts/hello/")).text
    assert attached.builds == 2
    told = (await editor.get(SITE)).json()
    assert told["made_by"] == {"generator": "astro", "command": "astro build", "builds_by_itself": True}
    assert told["live"]["posts"] == 2
    assert told["waiting"]["counts"]["total"] == 0


async def test_a_burst_of_saves_is_one_build_and_the_last_one_is_in_it(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    for number in range(20):
        await save(editor, "hello", content=f"Words {number}.")
    await runner.run_until_idle()

    assert attached.builds == 2
    assert "Words 19." in (await client.get("/posts/hello/")).text


async def test_a_build_waits_until_nobody_saves(
    attached: OwnSite, services: Services, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    services.settings._sections[BuildSettings] = BuildSettings(quiet_seconds=0.5, install=False)
    await save(editor, "hello", content="First.")
    building = asyncio.create_task(runner.run_until_idle())
    for number in range(4):
        await asyncio.sleep(0.2)
        await save(editor, "hello", content=f"Then {number}.")
    await building

    assert attached.builds == 2
    assert "Then 3." in (await client.get("/posts/hello/")).text


async def test_what_no_reader_sees_starts_no_build(
    attached: OwnSite, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    await editor.post(POSTS, json={"title": "Not yet", "content": "A draft."})
    await runner.run_until_idle()
    assert attached.builds == 1


async def test_an_edit_on_disk_is_taken_in_by_the_build_itself(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner, clock: MovableClock
) -> None:
    await runner.run_until_idle()
    attached.write("hello", mood="calm")
    await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()

    assert "mood: calm" in (await client.get("/posts/hello/")).text
    assert (await editor.get(f"{POSTS}/hello")).json()["frontmatter"] == {"mood": "calm"}


async def test_a_changed_layout_is_noticed_and_what_failed_once_is_not_tried_for_ever(
    attached: OwnSite, client: httpx.AsyncClient, runner: Runner, clock: MovableClock
) -> None:
    await runner.run_until_idle()
    (attached.root / "layout.html").write_text("<h1>Redone</h1>\n")
    clock.move(minutes=2)
    await runner.run_until_idle()
    assert "Redone" in (await client.get("/")).text

    (attached.root / "node_modules/.bin/astro").write_text("#!/bin/sh\necho x >> .tried\nexit 1\n")
    (attached.root / "layout.html").write_text("<h1>Never seen</h1>\n")
    for _ in range(3):
        clock.move(minutes=2)
        await runner.run_until_idle()
    assert (attached.root / ".tried").read_text() == "x\n"
    assert "Redone" in (await client.get("/")).text


async def test_a_broken_post_never_reaches_readers_and_is_named_to_its_author(
    attached: OwnSite,
    client: httpx.AsyncClient,
    editor: httpx.AsyncClient,
    runner: Runner,
    services: Services,
    sign_in: SignIn,
) -> None:
    await sign_in(Role.owner)
    await runner.run_until_idle()
    attached.write("other", description="", mood="new")

    asked = await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()

    job = (await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()
    assert job["state"] == "failed"
    assert "other.md: posts" in job["error"]["message"] or "description" in job["error"]["message"]
    build = await last_build(editor)
    assert (build["state"], build["release_id"], build["by_command"]) == ("failed", None, True)
    assert build["error"]["post"] == "other"
    assert build["error"]["file"] == "other.md"
    assert [each["field"] for each in build["error"]["fields"]] == ["description"]
    page = (await client.get("/posts/other/")).text
    assert "mood" not in page
    assert "description" in page

    marked = (await editor.get(POSTS, params={"trouble": "true"})).json()["data"]
    assert [(post["slug"], post["trouble"]["field"]) for post in marked] == [("other", "description")]
    assert (await editor.get(f"{POSTS}/other")).json()["trouble"]["field"] == "description"
    letters = [message_from_bytes(path.read_bytes(), policy=default) for path in outbox(services)]
    assert [letter["to"] for letter in letters] == ["owner@example.com"]
    assert "Other" in letters[0]["subject"]
    assert "description" in letters[0].get_content()

    await editor.post(f"{SITE}/builds", params={"everything": "true"})
    await runner.run_until_idle()
    assert len(outbox(services)) == 1, "the same mistake is told once"

    attached.write("other", mood="new")
    await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()
    assert "mood: new" in (await client.get("/posts/other/")).text
    assert (await editor.get(f"{POSTS}/other")).json()["trouble"] is None
    assert (await editor.get(POSTS, params={"trouble": "true"})).json()["data"] == []


def outbox(services: Services) -> list[Path]:
    return sorted((services.settings.data / "outbox").glob("*.eml"))


async def test_the_log_is_live_in_the_job_and_kept_with_the_build(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, member: httpx.AsyncClient, runner: Runner
) -> None:
    asked = await editor.post(f"{SITE}/builds", params={"everything": "true"})
    await runner.run_until_idle()
    events = await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}/events")
    assert "building with <h1>Ours</h1>" in events.text
    log = f"{SITE}/builds/{(await last_build(editor))['id']}/log"
    kept = await editor.get(log)
    assert kept.headers["content-type"] == "text/plain; charset=utf-8"
    assert "building with <h1>Ours</h1>" in kept.text
    assert (await client.get(log)).status_code == 401
    assert (await member.get(log)).status_code == 403
    missing = await editor.get(f"{SITE}/builds/0198f000-0000-7000-8000-000000000000/log")
    assert missing.status_code == 404


async def test_a_site_that_lost_its_pages_goes_live_only_when_that_is_meant(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner
) -> None:
    for number in range(12):
        attached.write(f"more{number}")
    await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()
    for number in range(12):
        attached.post(f"more{number}").unlink()
    await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()

    build = await last_build(editor)
    assert (build["state"], build["error"]["code"]) == ("failed", "site.shrank")
    assert (await client.get("/posts/more3/")).status_code == 200

    await editor.post(f"{SITE}/builds", params={"smaller": "true"})
    await runner.run_until_idle()
    assert (await client.get("/posts/more3/")).status_code == 404
    assert (await client.get("/posts/hello/")).status_code == 200


async def test_old_assets_stay_for_pages_that_readers_have_open(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner, services: Services
) -> None:
    await runner.run_until_idle()
    (old,) = (services.settings.data / "site/current/_astro").iterdir()
    (attached.root / "layout.html").write_text("<h1>Redone</h1>\n")
    await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()
    assert (await client.get(f"/_astro/{old.name}")).text == "<h1>Ours</h1>\n"
    assert len(list((services.settings.data / "site/current/_astro").iterdir())) == 2


async def test_a_cancelled_build_leaves_nothing_running_and_nothing_changed(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner, services: Services
) -> None:
    await runner.run_until_idle()
    (attached.root / ".stop").touch()
    asked = await editor.post(f"{SITE}/builds", params={"everything": "true"})
    building = asyncio.create_task(runner.run_until_idle())
    await attached.held_up()
    running = (await editor.get(f"{SITE}/builds")).json()["data"][0]
    assert running["state"] == "running"
    await editor.post(f"/api/v1/jobs/{asked.json()['job_id']}/cancel")
    await building

    assert (await editor.get(f"/api/v1/jobs/{asked.json()['job_id']}")).json()["state"] == "cancelled"
    assert (await last_build(editor))["state"] == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.kill(int((attached.root / ".pid").read_text()), 0)
    assert (await client.get("/posts/hello/")).status_code == 200
    assert not list((services.settings.data / "site/scratch").glob("*"))


async def test_its_pages_keep_their_own_scripts_and_the_themes_do_not(
    attached: OwnSite, client: httpx.AsyncClient, runner: Runner, services: Services
) -> None:
    await runner.run_until_idle()
    page = await client.get("/posts/hello/")
    assert page.headers.get_list("content-security-policy") == ["frame-ancestors 'self'"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert (await client.get("/.policy")).status_code == 404

    await detach(services)
    await runner.run_until_idle()
    page = await client.get("/posts/hello/")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "Words of hello." in page.text


async def test_beside_a_development_server_saves_write_files_and_start_no_build(
    settings: Settings, attached: OwnSite, editor: httpx.AsyncClient, runner: Runner, clock: MovableClock
) -> None:
    await runner.run_until_idle()
    settings.environment = Environment.development
    await save(editor, "hello", content="Seen by the other server.")
    (attached.root / "layout.html").write_text("<h1>Redone</h1>\n")
    clock.move(minutes=2)
    await runner.run_until_idle()
    assert attached.builds == 1
    assert "Seen by the other server." in attached.post("hello").read_text()
    assert not (await editor.get(SITE)).json()["made_by"]["builds_by_itself"]

    await editor.post(f"{SITE}/builds")
    await runner.run_until_idle()
    assert attached.builds == 2


async def test_a_pinned_site_is_built_and_does_not_move(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    await editor.post(f"{SITE}/pin")
    await save(editor, "hello", content="Behind the pin.")
    await runner.run_until_idle()
    assert attached.builds == 2
    assert "Behind the pin." not in (await client.get("/posts/hello/")).text
    await editor.post(f"{SITE}/unpin")
    await runner.run_until_idle()
    assert "Behind the pin." in (await client.get("/posts/hello/")).text
    assert attached.builds == 2
