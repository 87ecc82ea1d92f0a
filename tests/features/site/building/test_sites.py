"""Sites with other layouts, schemas and generators than the example's, each built by its real generator.

`magazine` is Astro with another folder, schema and kind of address; `notes` is Eleventy with CRLF and data beside the
posts; `diary` is Hexo with its own theme from npm, which names files of the same post in another folder by their date.
"""

import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.plugins.people import SignIn

from pressroom.features.site.settings import BuildSettings
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.auth import Role
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

HERE = Path(__file__).parents[3]
ASTRO = HERE.parent / "examples" / "astro-blog" / "node_modules"
POSTS = "/api/v1/admin/posts"


@dataclass(frozen=True)
class Case:
    """A site: one of its posts, where its page is, and what else it must show."""

    name: str
    file: str
    slug: str
    page: str
    shows: tuple[str, ...]
    breaks: str


CASES = [
    Case(
        "magazine",
        "src/contents/posts/2024/spring/rain.md",
        "rain",
        "/read/2024/spring/rain.html",
        ("Rain, and what it does to paper", "Essays, 2024-05-04"),
        "section: Gossip",
    ),
    Case("notes", "posts/ink.md", "ink", "/n/ink/", ("<p>press, ink</p>", "Black, mostly."), "title: {{"),
    Case("diary", "source/_posts/first-day.md", "first-day", "/2024/01/first-day/", ("It began.",), "title: [open"),
]


@pytest.fixture
def database_environ(tmp_path: Path, sqlite_template: Path) -> dict[str, str]:
    """The database makes no difference here, and the builds take long enough."""
    shutil.copy(sqlite_template, tmp_path / "pressroom.db")
    return {}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(BuildSettings(quiet_seconds=0))


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def root(case: Case, tmp_path: Path) -> Path:
    if not shutil.which("npm") or (case.name == "magazine" and not ASTRO.is_dir()):
        missing = "npm, and npm ci in examples/astro-blog, are needed to build real sites"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    folder = tmp_path / case.name
    shutil.copytree(HERE / "sites" / case.name, folder)
    if case.name == "magazine":
        shutil.copytree(ASTRO, folder / "node_modules", symlinks=True, copy_function=os.link)
    return folder


@pytest.fixture
async def build(sign_in: SignIn, runner: Runner) -> Callable[[], Awaitable[dict[str, Any]]]:
    editor = await sign_in(Role.admin)

    async def build() -> dict[str, Any]:
        await editor.post("/api/v1/admin/site/builds", params={"everything": "true"})
        await runner.run_until_idle()
        last: dict[str, Any] = (await editor.get("/api/v1/admin/site/builds")).json()["data"][0]
        return last

    return build


async def test_it_is_attached_edited_built_and_broken_like_any_other(  # one long story, because each build takes long
    case: Case,
    root: Path,
    services: Services,
    client: httpx.AsyncClient,
    sign_in: SignIn,
    clock: MovableClock,
    build: Callable[[], Awaitable[dict[str, Any]]],
) -> None:
    editor = await sign_in(Role.editor)
    report = await attach(services, recognise(root))
    clock.move(minutes=1)
    assert (report.created, report.failed) == (2, {})
    assert (await build())["error"] is None
    page = (await client.get(case.page)).text
    assert [text for text in case.shows if text not in page] == []

    file = root / case.file
    before = file.read_bytes()
    seen = await editor.get(f"{POSTS}/{case.slug}")
    words = {"title": "Said: “anew” — 再说一遍", "content": seen.json()["content"] + "\nAnd *more*.\n"}
    saved = await editor.patch(f"{POSTS}/{case.slug}", json=words, headers={"If-Match": seen.headers["etag"]})
    assert saved.status_code == 200, saved.text
    after = file.read_bytes()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == [
        line for line in before.splitlines() if line.startswith(b"title:")
    ]
    assert after.count(b"\r\n") == (after.count(b"\n") if b"\r\n" in before else 0)
    assert (await build())["error"] is None
    page = (await client.get(case.page)).text
    assert "再说一遍" in page
    assert "<em>more</em>" in page

    title = next(line for line in after.decode().splitlines() if line.startswith("title:"))
    key = case.breaks.partition(":")[0]
    line = title if key == "title" else next(row for row in after.decode().splitlines() if row.startswith(f"{key}:"))
    file.write_bytes(after.replace(line.encode(), case.breaks.encode()))
    failed = await build()
    assert failed["state"] == "failed", failed
    assert case.file.endswith(failed["error"]["file"] or "nothing named")
    assert failed["error"]["line"] is not None
    assert (await client.get(case.page)).text == page
