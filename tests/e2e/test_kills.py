"""kill -9 while people write: what was acknowledged is there afterwards, and the site is whole."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def kills(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(REPOSITORY)
    return importlib.import_module("benchmarks.kills")


@pytest.mark.e2e
def test_five_kills_lose_nothing_that_was_acknowledged() -> None:
    command = [sys.executable, "-m", "benchmarks.kills", "--times", "5", "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=115, cwd=REPOSITORY)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["kills"], report["lost"], report["damaged"]) == (5, [], [])
    assert report["acknowledged"] > 0


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({}, "is gone"),
        ({"a": ("Words. Edit 1", "published")}, "instead of edit 2"),
        ({"a": ("Words. Edit 2", "draft")}, "is draft although it was published"),
    ],
)
def test_a_lost_write_is_noticed(kills: ModuleType, held: dict[str, tuple[str, str]], told: str) -> None:
    assert told in str(kills.missing(kills.Promise("a", 2, is_public=True), held))


def test_a_write_whose_answer_was_cut_off_may_be_there(kills: ModuleType) -> None:
    assert kills.missing(kills.Promise("a", 1), {"a": ("Words. Edit 2", "published")}) is None


def test_half_a_file_is_noticed(kills: ModuleType, tmp_path: Path) -> None:
    release = tmp_path / "releases/1"
    release.mkdir(parents=True)
    (tmp_path / "current").symlink_to(release)
    assert kills.Site(tmp_path).damages() == ["site: `current` leads to no release"]
    (release / "index.html").write_text("<!doctype html><html></html>\n")
    site = kills.Site(tmp_path)
    assert site.damages() == []
    (release / "rss.xml").write_text("<rss><channel>")
    assert site.damages() == [f"site: half a file {release / 'rss.xml'}"]
