"""A site with a generator of its own, small enough to be built in a moment."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import MovableClock

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.site.settings import BuildSettings
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

# Called as the site's own `astro build --outDir …`. It refuses a post without a description in Astro's own words.
GENERATOR = """#!/bin/sh
echo "$$ $*" >> "{count}"
[ -f .stop ] && {{ echo $$ > .pid; while [ -f .stop ]; do sleep 0.05; done; }}
echo "building with $(cat layout.html)"
for post in src/content/posts/*.md; do
  id=$(basename "$post" .md)
  if ! grep -q '^description:' "$post"; then
    echo "[InvalidContentEntryDataError] posts → $id data does not match collection schema."
    echo
    echo "  **description**: Required"
    exit 1
  fi
  mkdir -p "$3/posts/$id"
  {{ cat layout.html; cat "$post"; }} > "$3/posts/$id/index.html"
done
mkdir -p "$3/_astro"
cp layout.html "$3/_astro/layout.$(cksum layout.html | cut -d' ' -f1).css"
cp layout.html "$3/index.html"
"""


@dataclass(frozen=True)
class OwnSite:
    """The folder, and the calls of its generator."""

    root: Path
    count: Path

    @property
    def builds(self) -> int:
        return len(self.count.read_text().splitlines()) if self.count.exists() else 0

    async def held_up(self) -> None:
        """Until a build has begun that the file `.stop` holds up."""
        while not (self.root / ".pid").exists():
            await asyncio.sleep(0.02)

    def post(self, name: str) -> Path:
        return self.root / "src/content/posts" / f"{name}.md"

    def write(self, name: str, *, description: str = "Told.", **front: str) -> None:
        lines = {"title": name.capitalize(), "published": "2024-02-03", "description": description, **front}
        head = "".join(f"{key}: {value}\n" for key, value in lines.items() if value)
        self.post(name).write_text(f"---\n{head}---\n\nWords of {name}.\n")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False), BuildSettings(quiet_seconds=0, install=False))


@pytest.fixture
def own_site(tmp_path: Path) -> OwnSite:
    root, count = tmp_path / "blog", tmp_path / "count"
    (root / "src/content/posts").mkdir(parents=True)
    (root / "layout.html").write_text("<h1>Ours</h1>\n")
    (root / "package.json").write_text(
        json.dumps({"name": "blog", "scripts": {"build": "astro build"}, "dependencies": {"astro": "^5"}})
    )
    (root / "astro.config.mjs").write_text("export default {};\n")
    tool = root / "node_modules/.bin/astro"
    tool.parent.mkdir(parents=True)
    tool.write_text(GENERATOR.format(count=count))
    tool.chmod(0o755)
    site = OwnSite(root, count)
    site.write("hello")
    site.write("other")
    return site


@pytest.fixture
async def attached(services: Services, own_site: OwnSite, clock: MovableClock) -> OwnSite:
    await attach(services, recognise(own_site.root, build="astro build"))
    clock.move(minutes=1)
    return own_site
