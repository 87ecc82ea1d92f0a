"""A whole build with a command of the site: from the install step to the files, and what is said when it breaks."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pressroom.features.site.external import BuildOptions, Ending, Limits, Outcome, SiteBuild, ToolMissing
from pressroom.features.source.recognise import Generator, SourceSite

MakeSite = Callable[..., SourceSite]
HERE = BuildOptions(inherited={"PATH": os.environ["PATH"], "JWT_SECRET_KEY": "hush-hush"})


def build(site: SourceSite, tmp_path: Path, options: BuildOptions = HERE) -> SiteBuild:
    return SiteBuild(site, scratch=tmp_path / "scratch", options=options)


async def test_pages_arrive_and_the_log_is_live(make_site: MakeSite, tmp_path: Path) -> None:
    heard: list[str] = []

    async def listener(lines: Sequence[str]) -> None:
        heard.extend(lines)

    made = build(make_site("mkdir -p dist && echo home > dist/index.html; echo done"), tmp_path)
    outcome = await made.run(listener)
    assert (outcome.ending, outcome.failure) == (Ending.succeeded, None)
    assert heard == list(outcome.log)
    assert heard[-1] == "done"
    assert made.gather(tmp_path / "release") == 1
    made.discard()
    assert (made.output / "index.html").is_file(), "what the site wrote at its usual place is the site's"


async def test_a_fresh_folder_is_empty_before_and_gone_after(make_site: MakeSite, tmp_path: Path) -> None:
    tool = make_site("hugo", generator=Generator.hugo).root / "node_modules/.bin/hugo"
    tool.parent.mkdir(parents=True)
    tool.write_text('#!/bin/sh\nmkdir "$2" && echo home > "$2/index.html"\n')
    tool.chmod(0o755)
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch/stale.html").write_text("from a build that was killed")
    made = build(make_site("hugo", generator=Generator.hugo), tmp_path)
    outcome = await made.run()
    assert outcome.ending is Ending.succeeded, outcome.log
    assert made.gather(tmp_path / "release") == 1
    made.discard()
    assert not (tmp_path / "scratch").exists()


async def test_no_secret_reaches_the_command(make_site: MakeSite, tmp_path: Path) -> None:
    outcome = await build(make_site("env"), tmp_path).run()
    assert "hush-hush" not in "\n".join(outcome.log)


async def test_the_last_words_of_an_unknown_tool_are_the_failure(make_site: MakeSite, tmp_path: Path) -> None:
    outcome = await build(make_site("echo 'No ink left.'; echo '    at press.js:3'; exit 1"), tmp_path).run()
    assert outcome.ending is Ending.failed
    assert outcome.failure is not None
    assert outcome.failure.message == "No ink left."


async def test_a_post_that_jekyll_leaves_out_is_a_failure_although_it_exits_with_0(
    make_site: MakeSite, tmp_path: Path
) -> None:
    said = "Error: YAML Exception reading {post}: (<unknown>): found unexpected end of stream at line 2 column 8"
    site = make_site("", generator=Generator.jekyll)
    post = site.content / "bad.md"
    post.write_text('---\ntitle: "a\n---\n')
    site = make_site(f"echo '{said.format(post=post)}'; true", generator=Generator.jekyll)
    outcome = await build(site, tmp_path).run()
    assert outcome.ending is Ending.failed
    assert outcome.failure is not None
    assert outcome.failure.post == "bad.md"


async def test_a_program_that_is_not_there_is_named(make_site: MakeSite, tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="no-such-generator"):
        await build(make_site("no-such-generator build"), tmp_path).run()


async def test_limits_are_said_in_words(make_site: MakeSite, tmp_path: Path) -> None:
    outcome = await build(make_site("sleep 60"), tmp_path, replace(HERE, limits=Limits(seconds=0.3))).run()
    assert outcome.ending is Ending.timed_out
    assert outcome.failure is not None
    assert "0.3 seconds" in outcome.failure.message


async def test_a_build_that_is_stopped_has_not_failed(make_site: MakeSite, tmp_path: Path) -> None:
    outcome = await build(make_site("sleep 60"), tmp_path).run(stopped=lambda: True)
    assert (outcome.ending, outcome.failure) == (Ending.stopped, None)


NPM = """#!/bin/sh
echo "npm $*"
if [ "$1" = run ]; then mkdir -p dist && echo home > dist/index.html; exit; fi
if [ -f broken ]; then echo "npm error code E404"; echo "npm error No ink."; exit 1; fi
mkdir -p node_modules/.bin
"""


@pytest.fixture
def with_npm(make_site: MakeSite, tmp_path: Path) -> SourceSite:
    """A site whose `npm` is ours, so that each of its calls is seen."""
    site = make_site("npm run build", scripts={"build": "make"})
    (site.root / "package.json").write_text(json.dumps({"name": "x"}))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/npm").write_text(NPM)
    (tmp_path / "bin/npm").chmod(0o755)
    return site


async def run(site: SourceSite, tmp_path: Path) -> Outcome:
    options = BuildOptions(inherited={"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"})
    return await build(site, tmp_path, options).run()


def calls(outcome: Outcome) -> list[str]:
    return [line.split()[1] for line in outcome.log if line.startswith("npm ")]


async def test_packages_are_installed_once_and_again_when_they_change(with_npm: SourceSite, tmp_path: Path) -> None:
    assert calls(await run(with_npm, tmp_path)) == ["install", "run"]
    assert calls(await run(with_npm, tmp_path)) == ["run"]
    (with_npm.root / "package.json").write_text(json.dumps({"name": "y"}))
    assert calls(await run(with_npm, tmp_path)) == ["install", "run"]


async def test_a_failed_install_is_the_failure_and_is_tried_again(with_npm: SourceSite, tmp_path: Path) -> None:
    (with_npm.root / "broken").touch()
    outcome = await run(with_npm, tmp_path)
    assert outcome.ending is Ending.failed
    assert outcome.failure is not None
    assert outcome.failure.message == "The packages could not be installed: No ink."
    assert "run" not in calls(outcome)
    (with_npm.root / "broken").unlink()
    assert calls(await run(with_npm, tmp_path)) == ["install", "run"]
