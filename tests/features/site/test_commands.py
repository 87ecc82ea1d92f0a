"""`pressroom site releases`, `rollback`, `pin` and `unpin`, as they are typed."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.conftest import make_settings
from typer.testing import CliRunner, Result

from pressroom.composition import build_services
from pressroom.features.site.commands import add_to
from pressroom.kernel.command import Invocation

POST = "---\ntitle: {}\ndate: 2024-02-03\n---\n{}\n"


class Site:
    """A data folder with an attached folder of posts, and the commands over it."""

    def __init__(self, data: Path, environ: dict[str, str]) -> None:
        self.data = data
        self.blog = data / "blog"
        self.blog.mkdir()
        self._environ = environ

    def write(self, name: str, title: str, words: str = "Words.") -> None:
        (self.blog / f"{name}.md").write_text(POST.format(title, words))

    def run(self, *arguments: str) -> Result:
        cli = typer.Typer()
        add_to(cli)
        settings = make_settings(self.data, **self._environ)
        called = Invocation(data=self.data, read_settings=lambda: settings, build_services=build_services)
        return CliRunner().invoke(cli, ["site", *arguments], obj=called)

    def done(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def told(self, *arguments: str) -> Any:
        return json.loads(self.done(*arguments, "--json"))


@pytest.fixture
def site(tmp_path: Path, database_environ: dict[str, str]) -> Site:
    """Two releases; in the newer one a post is changed, one is hidden and one is new."""
    made = Site(tmp_path, database_environ)
    made.write("changed", "Before")
    made.write("gone", "Gone")
    made.done("attach", str(made.blog), "--yes")
    made.done("build")
    made.write("changed", "After")
    made.write("newer", "Newer")
    (made.blog / "gone.md").unlink()
    made.done("scan")
    made.done("build")
    return made


def test_the_list_says_how_much_changed_since(site: Site) -> None:
    newest, older = site.done("releases").splitlines()
    assert newest.endswith("2 posts, live")
    assert older.endswith("2 posts, 3 changed since")
    assert [each["changed_since"] for each in site.told("releases")] == [0, 3]


def test_a_rollback_shows_first_what_it_will_change_and_asks(site: Site) -> None:
    newest, older = (each["id"] for each in site.told("releases"))
    asked = site.run("rollback")
    assert (asked.exit_code, "Say --yes" in asked.stderr) == (1, True)
    head, will, *table = asked.stdout.splitlines()
    assert head.startswith(older)
    assert will == "Readers will"
    assert [line.split() for line in table] == [
        ["no", "longer", "see", "newer", "newer", "than", "the", "release", "Newer"],
        ["see", "as", "it", "was", "changed", "version", "2", "→", "1", "Before"],
        ["see", "again", "gone", "hidden", "since", "Gone"],
    ]
    assert site.told("releases")[0]["is_live"], "nothing was changed"

    done = site.run("rollback", "--yes")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1].startswith(f"Live now: {older}")
    assert done.stdout.rstrip().endswith("3 changed since, live, pinned")
    forward = site.run("rollback", newest)
    assert [line.split()[:3] for line in forward.stdout.splitlines()[2:]] == [
        ["no", "longer", "see"],
        ["see", "as", "it"],
        ["see", "now", "newer"],
    ]
    unpinned = site.done("unpin")
    assert "3 posts had waited: 1 new, 1 changed, 1 hidden" in unpinned
    assert "Readers will see the same posts as now." in site.run("rollback", newest).stdout


def test_words_come_back_on_the_command_line(site: Site) -> None:
    shown = site.run("rollback", "--words")
    assert "Words of this release come back as new versions: 1 post." in shown.stdout
    done = site.done("rollback", "--words", "--yes")
    assert "Words brought back: 1 post; 0 had them." in done
    assert "left       newer: newer than the release" in done
    assert "left       gone: hidden since" in done
    assert (site.blog / "changed.md").read_text() == POST.format("Before", "Words.")
    older = site.told("releases")[-1]["id"]
    again = site.told("rollback", older, "--words", "--yes")
    assert (again["is_pinned"], again["words"]["result"]["restored"], again["words"]["result"]["same"]) == (True, 0, 1)


def test_a_post_that_cannot_be_brought_back_is_told_and_the_command_fails(site: Site) -> None:
    site.write("changed", "Mine, on disk")
    done = site.run("rollback", "--words", "--yes")
    assert done.exit_code == 1
    assert "refused    changed: It was saved again since, here or on disk; it was left as it is." in done.stdout
    assert site.told("releases")[-1]["is_live"], "the release is live all the same"
    assert "Mine, on disk" in (site.blog / "changed.md").read_text()


def test_pin_keeps_what_is_live(site: Site) -> None:
    assert site.done("pin").rstrip().endswith("live, pinned")
    site.write("late", "Late")
    site.done("scan")
    site.done("build")
    pinned = next(each for each in site.told("releases") if each["is_pinned"])
    assert (pinned["is_live"], pinned["changed_since"]) == (True, 1)
    assert site.told("unpin")["counts"]["newer"] == 1


def test_what_is_no_release_is_said(site: Site) -> None:
    refused = site.run("rollback", "yesterday", "--yes")
    assert (refused.exit_code, "site.release_not_found" in refused.stderr) == (1, True)
    unknown = site.run("rollback", "0198f000-0000-7000-8000-000000000000", "--yes")
    assert (unknown.exit_code, "site.release_not_found" in unknown.stderr) == (1, True)
    site.done("rollback", "--yes")
    oldest = site.run("rollback", "--yes")
    assert (oldest.exit_code, "no older release" in oldest.stderr) == (1, True)
