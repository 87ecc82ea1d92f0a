"""The example site with the schema that the real Astro writes, and the real Astro as the judge of what is saved."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.plugins.people import Person

from pressroom.features.source.attachment import Attachment
from pressroom.features.source.forms import check_on_disk
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services
from pressroom.kernel.text.frontmatter import split

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

EXAMPLE = Path(__file__).parents[3] / "examples" / "astro-blog"
POSTS = "/api/v1/admin/posts"
WHOLE = {"first_level_category": "Notes", "second_level_category": "Guides"}
FRONT = "title: Hi\npublished: 2024-01-02\nfirst_level_category: a\nsecond_level_category: b\n"


def sync(site: Path) -> "subprocess.CompletedProcess[str]":
    """`astro sync`: validates every post, and writes the schema."""
    command = [str(site / "node_modules" / ".bin" / "astro"), "sync"]
    environ = os.environ | {"ASTRO_TELEMETRY_DISABLED": "1"}
    return subprocess.run(command, cwd=site, env=environ, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example that Astro has seen."""
    if not (EXAMPLE / "node_modules" / "astro").is_dir() or not shutil.which("node"):
        missing = "Astro is not installed: run `npm ci` in examples/astro-blog."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    site = tmp_path_factory.mktemp("astro") / "blog"
    shutil.copytree(EXAMPLE, site, ignore=shutil.ignore_patterns("node_modules", "dist", ".astro"))
    (site / "node_modules").symlink_to(EXAMPLE / "node_modules")
    config = site / "astro.config.mjs"
    # Astro keeps what it has read in node_modules, which is everybody's here.
    config.write_text(config.read_text().replace("defineConfig({", "defineConfig({ cacheDir: './.cache',"))
    done = sync(site)
    assert done.returncode == 0, done.stdout + done.stderr
    return site


@pytest.fixture
def site(synced: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    return Path(shutil.copytree(synced, tmp_path / "blog", symlinks=True))


async def test_what_is_saved_is_what_astro_takes(
    services: Services, site: Path, editor: Person, clock: MovableClock
) -> None:
    report = await attach(services, recognise(site))
    clock.move(minutes=1)
    assert (report.created, report.problems) == (4, {})
    asked = (await editor.get("/api/v1/admin/site/schema")).json()
    assert (asked["origin"], asked["binds"], asked["note"]) == ("schema", True, None)
    by_place = {field["pointer"]: field for field in asked["fields"]}
    assert by_place["/cover"]["kind"] == "image"
    assert by_place["/sourceLink"]["is_address"]
    assert by_place["/first_level_category"]["help"] == "The shelf"
    odd: dict[str, Any] = {"title": "no: 'yes' # 2024-01-02", "description": "a\u2028b: c", "tags": ["5", "true", "新"]}
    frontmatter = {"mood": "2024-01-02", "n": 5, "o": {"k": None, "l": []}}
    made = await editor.post(POSTS, json=odd | WHOLE | {"draft": False, "frontmatter": frontmatter})
    assert made.status_code == 201, made.text
    refused = await editor.post(POSTS, json={"title": "Half", "draft": False, "sourceLink": "/here"})
    assert [each["pointer"] for each in refused.json()["error"]["details"]["fields"]] == [
        "/first_level_category",
        "/second_level_category",
        "/sourceLink",
    ]
    seen = (await editor.get(f"{POSTS}/welcome")).json()["version"]
    changed = await editor.patch(f"{POSTS}/welcome", json={"tags": []}, headers={"If-Match": f'"{seen}"'})
    assert changed.status_code == 200, changed.text
    done = sync(site)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "front",
    [
        FRONT.replace("2024-01-02", '"2024-01-02"'),
        FRONT.replace("2024-01-02", "2024-1-2"),
        f"{FRONT}description:\n",
        f"{FRONT}sourceLink: /here\n",
        f"{FRONT}tags: [5]\n",
        f"{FRONT}readingMetadata: {{time: long}}\n",
    ],
)
def test_what_is_refused_is_what_astro_refuses(site: Path, clock: MovableClock, front: str) -> None:
    found = recognise(site)
    attachment = Attachment(
        root=found.root,
        content=found.content,
        generator=found.generator,
        build=found.build,
        output=found.output,
        attached_at=clock.now(),
    )
    check = check_on_disk(attachment, [])
    assert check
    text = f"---\n{front}---\n"
    (problem,) = check.problems(split(text).front, "refused.md")
    (found.content / "refused.md").write_text(text)
    done = sync(site)
    assert done.returncode != 0
    assert problem.field.split("/")[1] in done.stdout + done.stderr
