import json
from pathlib import Path

import pytest
import typer
from tests.conftest import make_settings
from typer.testing import CliRunner, Result

from pressroom.composition import build_services
from pressroom.features.posts.commands import add_commands
from pressroom.kernel.command import Invocation

GOOD = "---\ntitle: Good\ndate: 2024-02-03\n---\nWords.\n"


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "pressroom.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "blog").mkdir()
    (tmp_path / "blog" / "good.md").write_text(GOOD)
    return tmp_path


def pressroom(data: Path, *arguments: str) -> Result:
    """Runs a command of the slice in this process."""
    cli = typer.Typer()
    add_commands(cli)
    called = Invocation(data=data, read_settings=lambda: make_settings(data), build_services=build_services)
    return CliRunner().invoke(cli, arguments, obj=called)


def test_an_import_tells_people_and_programs_what_it_did(data: Path) -> None:
    folder = str(data / "blog")
    dry = pressroom(data, "import", "markdown", folder, "--dry-run")
    assert (dry.exit_code, "1 created" in dry.stdout, "Nothing was written." in dry.stdout) == (0, True, True)
    done = json.loads(pressroom(data, "import", "markdown", folder, "--json").stdout)
    assert (done["counts"], done["dry_run"]) == ({"created": 1}, False)
    assert done["files"] == [{"path": "good.md", "outcome": "created", "reason": "", "slug": "good", "notes": []}]
    assert "1 unchanged" in pressroom(data, "import", "markdown", folder).stdout


def test_an_import_that_left_something_out_exits_with_one(data: Path) -> None:
    (data / "blog" / "bad.md").write_bytes(b"---\ntitle: Caf\xe9\n---\n")
    done = pressroom(data, "import", "markdown", str(data / "blog"), "--status", "draft")
    assert done.exit_code == 1
    assert "bad.md: not UTF-8: byte 15 is 0xe9" in done.stdout
    assert "1 created, 1 failed" in done.stdout


def test_an_import_for_nobody_says_so_and_writes_nothing(data: Path) -> None:
    folder = str(data / "blog")
    refused = pressroom(data, "import", "markdown", folder, "--author", "nobody")
    assert (refused.exit_code, "Nobody is called nobody." in refused.stderr) == (1, True)
    assert "1 created" in pressroom(data, "import", "markdown", folder, "--dry-run").stdout
    assert pressroom(data, "import", "markdown", str(data / "nowhere")).exit_code == 2


def test_two_folders_of_one_name_are_kept_apart_by_another(data: Path) -> None:
    other = data / "elsewhere" / "blog"
    other.mkdir(parents=True)
    (other / "good.md").write_text(GOOD.replace("Words", "Other words"))
    pressroom(data, "import", "markdown", str(data / "blog"))
    done = json.loads(pressroom(data, "import", "markdown", str(other), "--source", "other", "--json").stdout)
    assert [(each["outcome"], each["slug"]) for each in done["files"]] == [("created", "good-2")]
