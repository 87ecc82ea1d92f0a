import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import typer
from tests.conftest import make_settings
from typer.testing import CliRunner, Result

from pressroom.composition import build_services
from pressroom.features.site.commands import add_to
from pressroom.kernel.command import Invocation

GOOD = "---\ntitle: Good\ndate: 2024-02-03\n---\nWords.\n"


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "pressroom.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "good.md").write_text(GOOD)
    return tmp_path


def pressroom(data: Path, *arguments: str) -> Result:
    """Runs a command of the site's group in this process."""
    cli = typer.Typer()
    add_to(cli)
    called = Invocation(data=data, read_settings=lambda: make_settings(data), build_services=build_services)
    return CliRunner().invoke(cli, ["site", *arguments], obj=called)


def test_attaching_shows_what_was_found_and_asks_first(data: Path) -> None:
    folder = str(data / "blog")
    asked = pressroom(data, "attach", folder)
    assert (asked.exit_code, "is a folder of Markdown" in asked.stdout) == (1, True)
    assert "Say --yes" in asked.stderr
    assert pressroom(data, "scan").exit_code == 1
    done = pressroom(data, "attach", folder, "--yes")
    assert (done.exit_code, "1 files: 1 created" in done.stdout) == (0, True)


def test_attaching_ends_when_every_post_is_typeset(data: Path) -> None:
    for number in range(120):
        (data / "blog" / f"post-{number}.md").write_text(GOOD.replace("Good", f"Post {number}"))
    done = pressroom(data, "attach", str(data / "blog"), "--yes", "--json")
    assert (done.exit_code, json.loads(done.stdout)["created"]) == (0, 121)
    with closing(sqlite3.connect(data / "pressroom.db")) as database:
        whole = "SELECT count(*) FROM posts WHERE content_html LIKE '<p>Words.</p>%'"
        assert database.execute(whole).fetchone() == (121,)
        done_by = "SELECT state, progress FROM jobs WHERE kind = 'posts.typeset'"
        assert database.execute(done_by).fetchall() == [("succeeded", 1.0)]
        (told,) = database.execute("SELECT message FROM job_events ORDER BY id DESC LIMIT 1").fetchone()
    assert told == "121 of 121 posts typeset"


def test_a_scan_tells_programs_what_it_did_and_fails_for_a_file_it_cannot_read(data: Path) -> None:
    pressroom(data, "attach", str(data / "blog"), "--yes")
    (data / "blog" / "bad.md").write_bytes(b"---\ntitle: Caf\xe9\n---\n")
    done = pressroom(data, "scan", "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["unchanged"]) == (1, 1)
    assert report["failed"] == {"bad.md": "not UTF-8: byte 15 is 0xe9"}


def test_detaching_leaves_the_files_and_says_so(data: Path) -> None:
    pressroom(data, "attach", str(data / "blog"), "--yes")
    done = pressroom(data, "detach")
    assert (done.exit_code, "Every file there is as it was." in done.stdout) == (0, True)
    assert (data / "blog" / "good.md").read_text() == GOOD
    again = pressroom(data, "detach")
    assert (again.exit_code, "source.nothing_attached" in again.stderr) == (1, True)


def test_a_folder_that_is_not_there_is_named(data: Path) -> None:
    refused = pressroom(data, "attach", str(data / "nowhere"), "--yes")
    assert (refused.exit_code, "source.folder_not_found" in refused.stderr) == (1, True)
