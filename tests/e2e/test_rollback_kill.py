"""kill -9 while words are brought back: each post gets its new version once, and none is forgotten."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.plugins.publication import PATIENCE, Publication

POSTS = 60
SITE = "/api/v1/admin/site"
RESTORED = "Restored from release"


def write_all(publication: Publication, words: str) -> None:
    folder = publication.data.parent / "words"
    folder.mkdir(exist_ok=True)
    for number in range(POSTS):
        text = f"---\ntitle: Post {number}\nslug: post-{number}\ndate: 2024-02-03\n---\n{words}\n"
        (folder / f"{number}.md").write_text(text)
    done = publication.run("import", "markdown", str(folder))
    assert done.returncode == 0, done.stderr


def job_at(publication: Publication, owner: httpx.Client, job_id: str, holds: Callable[[dict[str, Any]], bool]) -> Any:
    """The job, once that holds of it."""
    until = time.monotonic() + PATIENCE
    while True:
        job = owner.get(f"{publication.address}/api/v1/jobs/{job_id}").json()
        if holds(job):
            return job
        assert time.monotonic() < until, job
        time.sleep(0.005)


@pytest.mark.e2e
def test_a_kill_in_the_middle_of_bringing_words_back(
    make_publication: Callable[..., Publication], database_environ: dict[str, str]
) -> None:
    publication = make_publication(environ=database_environ)
    write_all(publication, "Good.")
    assert publication.run("site", "build").returncode == 0
    write_all(publication, "Bad.")
    assert publication.run("site", "build").returncode == 0
    publication.start()
    owner = publication.owner()
    older = owner.get(f"{SITE}/releases").json()["data"][-1]["id"]
    asked = owner.post(f"{SITE}/releases/{older}/activate", json={"words": True})
    assert asked.status_code == 202, asked.text
    job_id = asked.json()["job_id"]
    seen = job_at(publication, owner, job_id, lambda job: job["progress"] > 0.1 or job["state"] == "succeeded")
    publication.kill()
    assert seen["state"] == "running"
    publication.start()
    ended = job_at(publication, owner, job_id, lambda job: job["state"] not in ("queued", "running"))
    assert (ended["state"], ended["attempts"]) == ("succeeded", 2)
    assert (ended["result"]["restored"], ended["result"]["refused"]) == (POSTS, 0)
    for number in range(POSTS):
        post = owner.get(f"/api/v1/admin/posts/post-{number}").json()
        assert post["content"] == "Good.\n"
        versions = owner.get(f"/api/v1/admin/posts/{post['id']}/versions").json()["data"]
        assert [each["note"].startswith(RESTORED) for each in versions] == [True, False, False]
    site = owner.get(SITE).json()
    assert (site["live"]["id"], site["pinned_to"]) == (older, older)
