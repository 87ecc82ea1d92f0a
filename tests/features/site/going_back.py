"""What tests of going back say often."""

from typing import Any

import httpx
from tests.features.posts.desk import POSTS, at, publish

from pressroom.kernel.jobs.runner import Runner

SITE = "/api/v1/admin/site"


async def releases(editor: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The newest first."""
    listed: list[dict[str, Any]] = (await editor.get(f"{SITE}/releases")).json()["data"]
    return listed


async def release(editor: httpx.AsyncClient, release_id: str, **query: Any) -> dict[str, Any]:
    found = await editor.get(f"{SITE}/releases/{release_id}", params=query)
    assert found.status_code == 200, found.text
    answer: dict[str, Any] = found.json()
    return answer


def kinds(changes: list[dict[str, Any]]) -> dict[str, str]:
    return {each["slug"]: each["kind"] for each in changes}


async def history(editor: httpx.AsyncClient, runner: Runner) -> dict[str, dict[str, Any]]:
    """Two releases: in the newer one a post is changed, one is gone, one is new, and one is as it was."""
    posts = {title: await publish(editor, title, content=f"{title} words.") for title in ("Same", "Changed", "Gone")}
    await runner.run_until_idle()
    ref = f"{POSTS}/{posts['Changed']['id']}"
    await editor.patch(ref, json={"title": "Worse", "content": "Worse words."}, headers=at(1))
    await editor.delete(f"{POSTS}/{posts['Gone']['id']}", headers=at(1))
    posts["Newer"] = await publish(editor, "Newer")
    await runner.run_until_idle()
    return posts


async def bring_back(editor: httpx.AsyncClient, runner: Runner, release_id: str) -> dict[str, Any]:
    """Takes a release live with its words. Returns the job's result."""
    done = await editor.post(f"{SITE}/releases/{release_id}/activate", json={"words": True})
    assert done.status_code == 202, done.text
    await runner.run_until_idle()
    job = (await editor.get(f"/api/v1/jobs/{done.json()['job_id']}")).json()
    assert job["state"] == "succeeded", job
    result: dict[str, Any] = job["result"]
    return result
