"""What is told of a build that did not end as usual."""

import asyncio
from typing import Any

import httpx
import pytest
from tests.features.site.building.conftest import OwnSite
from tests.plugins.people import SignIn

from pressroom.features.site.feature import start
from pressroom.features.site.repository import SiteRepository
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services

SITE = "/api/v1/admin/site"
CHATTY = """#!/bin/sh
trap 'echo "cleaned up"; exit 1' TERM
echo $$ > .pid
while :; do echo working; sleep 0.01; done
"""
REFUSING = """#!/bin/sh
echo "[InvalidContentEntryDataError] posts → hello data does not match collection schema."
echo
echo "  **{field}**: Required"
exit 1
"""


@pytest.fixture
async def editor(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.editor)


async def builds(editor: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The newest first."""
    listed: list[dict[str, Any]] = (await editor.get(f"{SITE}/builds")).json()["data"]
    return listed


async def test_a_second_process_that_starts_leaves_the_build_of_the_first_alone(
    attached: OwnSite, editor: httpx.AsyncClient, services: Services, runner: Runner
) -> None:
    (attached.root / ".stop").touch()
    building = asyncio.create_task(runner.run_until_idle())
    await attached.held_up()
    await start(services)
    (running,) = await builds(editor)
    assert (running["state"], running["error"]) == ("running", None)

    (attached.root / ".stop").unlink()
    await building
    ended = next(each for each in await builds(editor) if each["id"] == running["id"])
    assert (ended["state"], ended["error"]) == ("succeeded", None)


async def test_a_build_whose_process_died_is_told_by_the_next_one(
    attached: OwnSite, editor: httpx.AsyncClient, runner: Runner
) -> None:
    (attached.root / ".stop").touch()
    building = asyncio.create_task(runner.run_until_idle())
    await attached.held_up()
    building.cancel()
    await asyncio.gather(building, return_exceptions=True)
    (attached.root / ".stop").unlink()
    await runner.run_until_idle()

    after, before = await builds(editor)
    assert (before["state"], before["error"]["message"][:34]) == ("failed", "The process that built this died. ")
    assert before["finished_at"]
    assert after["state"] == "succeeded"


async def test_a_build_that_was_taken_for_dead_and_succeeds_has_no_error(
    attached: OwnSite, editor: httpx.AsyncClient, services: Services, runner: Runner
) -> None:
    (attached.root / ".stop").touch()
    building = asyncio.create_task(runner.run_until_idle())
    await attached.held_up()
    async with services.unit() as unit:  # as another runner does, once a machine has slept past its lease
        await SiteRepository(unit.session).fail_unfinished(services.clock.now())
    (attached.root / ".stop").unlink()
    await building
    assert [(each["state"], each["error"]) for each in await builds(editor)] == [("succeeded", None)]


async def test_a_cancelled_build_that_is_talking_may_clean_up_and_its_log_is_kept(
    attached: OwnSite, editor: httpx.AsyncClient, runner: Runner
) -> None:
    await runner.run_until_idle()
    (attached.root / "node_modules/.bin/astro").write_text(CHATTY)
    asked = await editor.post(f"{SITE}/builds", params={"everything": "true"})
    building = asyncio.create_task(runner.run_until_idle())
    await attached.held_up()
    await editor.post(f"/api/v1/jobs/{asked.json()['job_id']}/cancel")
    await building

    build = next(each for each in await builds(editor) if each["job_id"] == asked.json()["job_id"])
    assert build["state"] == "cancelled"
    log = (await editor.get(f"{SITE}/builds/{build['id']}/log")).text
    assert "working" in log
    assert log.endswith("cleaned up")


async def test_a_build_that_fails_for_a_reason_nobody_foresaw_is_listed_as_failed(
    attached: OwnSite, client: httpx.AsyncClient, editor: httpx.AsyncClient, services: Services, runner: Runner
) -> None:
    await runner.run_until_idle()
    (services.settings.data / "site" / "scratch").write_text("a file where builds make their folders")
    await editor.post(f"{SITE}/builds", params={"everything": "true"})
    await runner.run_until_idle()

    build = (await builds(editor))[0]
    assert (build["state"], build["error"]["code"]) == ("failed", "internal")
    assert build["error"]["message"] == "Something failed on our side; the log has more."
    assert (await client.get("/posts/hello/")).status_code == 200


async def test_a_field_with_an_endless_name_marks_the_post_all_the_same(
    attached: OwnSite, editor: httpx.AsyncClient, services: Services, runner: Runner, owner: httpx.AsyncClient
) -> None:
    name = "level." * 50
    (attached.root / "node_modules/.bin/astro").write_text(REFUSING.format(field=name))
    for _ in range(2):
        await editor.post(f"{SITE}/builds")
        await runner.run_until_idle()

    build = (await builds(editor))[0]
    assert build["error"]["fields"] == [{"field": name, "message": "Required"}]
    trouble = (await editor.get("/api/v1/admin/posts/hello")).json()["trouble"]
    assert (trouble["field"], trouble["message"]) == (name[:200], "Required")
    assert len(list((services.settings.data / "outbox").glob("*.eml"))) == 1
