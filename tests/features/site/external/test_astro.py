"""The example site, installed from npm and built by the real Astro."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pressroom.features.site.external import Ending, Outcome, SiteBuild, check_sane
from pressroom.features.site.releases import ReleaseStore
from pressroom.features.source.recognise import Generator, SourceSite, recognise
from pressroom.features.source.schema import Kind, Origin, validate
from pressroom.features.source.schema.reading import read_form
from pressroom.kernel.text.frontmatter import split

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

EXAMPLE = Path(__file__).parents[4] / "examples" / "astro-blog"
PAGES = [
    "index.html",
    "posts/welcome/index.html",
    "posts/huozi/index.html",
    "tags/craft/index.html",
    "categories/craft/printing/index.html",
]


def build(site: SourceSite, scratch: Path) -> tuple[SiteBuild, Outcome]:
    made = SiteBuild(site, scratch=scratch)
    return made, asyncio.run(made.run())


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, not installed yet."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing = "Node.js and npm are needed to build the example with the real Astro."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    if (
        int(
            subprocess.run(
                ["node", "-p", "process.versions.node.split('.')[0]"], check=True, capture_output=True
            ).stdout
        )
        < 20
    ):
        pytest.skip("Astro 5 needs Node.js 20 or newer.")
    folder = tmp_path_factory.mktemp("astro") / "blog"
    ignored = shutil.ignore_patterns("node_modules", "dist", ".astro")
    shutil.copytree(EXAMPLE, folder, ignore=ignored)
    return folder


@pytest.fixture(scope="module")
def built(example: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[SourceSite, Path, Outcome]:
    """The example after its first build, install step included, as a release."""
    site = recognise(example / "src/content/posts")
    made, outcome = build(site, tmp_path_factory.mktemp("scratch") / "site")
    assert outcome.ending is Ending.succeeded, "\n".join(outcome.log)
    store = ReleaseStore(tmp_path_factory.mktemp("store"))
    with store.stage("r1", base=None) as staging:
        made.gather(staging.folder)
    made.discard()
    return site, store.path("r1"), outcome


def test_the_example_is_recognised_from_its_posts_alone(example: Path) -> None:
    site = recognise(example / "src/content/posts")
    assert (site.generator, site.root, site.collection) == (Generator.astro, example, "posts")
    assert (site.build, site.images) == ("npm run build", frozenset({"cover"}))


def test_it_is_installed_built_and_whole(built: tuple[SourceSite, Path, Outcome]) -> None:
    site, release, outcome = built
    assert any("npm ci" in line for line in outcome.log)
    assert [page for page in PAGES if not (release / page).is_file()] == []
    assert not (release / "posts/not-yet").exists(), "drafts stay out"
    assert check_sane(release, None).pages >= len(PAGES)
    assert not (release / "collections").exists(), "no scratch of Astro is published"
    assert not (site.root / "dist").exists(), "the site's own output folder is left alone"


def test_the_sites_own_schema_is_the_form_and_its_posts_keep_it(built: tuple[SourceSite, Path, Outcome]) -> None:
    site, _, _ = built
    form, note = read_form(site, [])
    assert (form.origin, note) == (Origin.schema, None)
    kinds = {field.name: (field.kind, field.required) for field in form.fields}
    assert kinds["published"] == (Kind.date, True)
    assert kinds["cover"] == (Kind.image, False)
    assert kinds["readingMetadata"] == (Kind.object, False)
    for post in site.content.glob("*.md"):
        assert validate(split(post.read_text()).front, form) == [], post.name


def test_a_bad_post_is_named_and_the_release_stays(built: tuple[SourceSite, Path, Outcome], tmp_path: Path) -> None:
    site, release, _ = built
    before = {path: path.read_bytes() for path in release.rglob("*") if path.is_file()}
    bad = site.content / "bad.md"
    bad.write_text('---\ntitle: Bad\npublished: "2024-01-02"\nfirst_level_category: a\nsecond_level_category: b\n---\n')
    try:
        _, outcome = build(site, tmp_path / "scratch")
    finally:
        bad.unlink()
    assert outcome.ending is Ending.failed
    assert outcome.failure is not None
    assert not any("npm ci" in line for line in outcome.log), "nothing changed, so nothing is installed"
    assert (outcome.failure.collection, outcome.failure.entry, outcome.failure.post) == ("posts", "bad", "bad.md")
    assert [problem.field for problem in outcome.failure.fields] == ["published"]
    assert outcome.failure.line == 3
    assert {path: path.read_bytes() for path in release.rglob("*") if path.is_file()} == before
