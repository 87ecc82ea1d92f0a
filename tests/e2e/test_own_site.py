"""Somebody's Astro blog under the program, as its owner runs it: real Astro, real server, kill -9 in the middle."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.plugins.publication import Publication

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

EXAMPLE = Path(__file__).parents[2] / "examples" / "astro-blog"
POSTS = "/api/v1/admin/posts"
SITE = "/api/v1/admin/site"


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """The example with its packages, as somebody has it on disk."""
    if not (EXAMPLE / "node_modules").is_dir() or not shutil.which("node"):
        missing = "run npm ci in examples/astro-blog to build it with the real Astro"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    folder = tmp_path / "blog"
    shutil.copytree(EXAMPLE, folder, symlinks=True)
    for made in ("dist", ".astro", "node_modules/.cache", "node_modules/.astro"):
        shutil.rmtree(folder / made, ignore_errors=True)
    return folder


def wait_for(owner: httpx.Client, holds: Callable[[], Any], what: str) -> Any:
    until = time.monotonic() + 120
    while not (found := holds()):
        builds = owner.get(f"{SITE}/builds", params={"limit": 1}).json()["data"]
        assert time.monotonic() < until, f"waited for {what}: {builds}"
        time.sleep(0.05)
    return found


def save(owner: httpx.Client, slug: str, **fields: Any) -> None:
    seen = owner.get(f"{POSTS}/{slug}").headers["etag"]
    done = owner.patch(f"{POSTS}/{slug}", json=fields, headers={"If-Match": seen})
    assert done.status_code == 200, done.text


def test_an_astro_blog_gets_an_admin(publication: Publication, blog: Path) -> None:
    owner = publication.owner()
    said = publication.run("site", "attach", str(blog), "--yes")
    assert said.returncode == 0, said.stderr
    assert "“npm run build” will be run" in said.stdout

    def page(slug: str = "welcome") -> str:
        return httpx.get(f"{publication.address}/posts/{slug}/", timeout=10).text

    def last_build() -> dict[str, Any]:
        build: dict[str, Any] = owner.get(f"{SITE}/builds").json()["data"][0]
        return build

    wait_for(owner, lambda: (last := last_build())["by_command"] and last["state"] == "succeeded", "the first release")
    file = blog / "src/content/posts/welcome.md"
    before = file.read_bytes()

    save(owner, "welcome", title="Another title")
    wait_for(owner, lambda: "Another title" in page(), "the new title")
    changed = [old for old, new in zip(before.splitlines(), file.read_bytes().splitlines(), strict=True) if old != new]
    assert len(changed) == 1, "one line of the file"

    bad = blog / "src/content/posts/bad.md"
    bad.write_text('---\ntitle: Bad\npublished: "2024-01-02"\nfirst_level_category: a\nsecond_level_category: b\n---\n')
    failed = publication.run("site", "build", "--json")
    assert failed.returncode == 1
    # The edit on disk asks for a build of its own, which may be at work by now.
    broken = next(build for build in owner.get(f"{SITE}/builds").json()["data"] if build["state"] == "failed")
    error = broken["error"]
    assert (error["file"], error["line"], [each["field"] for each in error["fields"]]) == ("bad.md", 3, ["published"])
    assert "bad.md:3" in failed.stdout
    assert "Another title" in page()
    assert "InvalidContentEntryData" in publication.run("site", "log", broken["id"]).stdout
    bad.unlink()

    save(owner, "welcome", title="Killed in the middle")
    wait_for(owner, lambda: last_build()["state"] == "running", "a build at work")
    publication.kill()
    release = (publication.data / "site/current").resolve()
    assert "Another title" in (release / "posts/welcome/index.html").read_text()
    publication.start()
    owner = publication.sign_in("ada", "a long enough passphrase")
    wait_for(owner, lambda: "Killed in the middle" in page(), "the build after the kill")
    assert not list((publication.data / "site/scratch").glob("*"))

    back = publication.run("site", "rollback", "--yes")
    assert back.returncode == 0, back.stderr
    assert "Another title" in page()
