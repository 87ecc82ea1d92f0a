import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tests.conftest import make_settings
from tests.features.accounts.conftest import PASSWORD
from typer.testing import CliRunner, Result

from pressroom.composition import build_services
from pressroom.features.accounts.commands import add_to
from pressroom.kernel.command import Invocation

CREATE = ("user", "create", "--username", "anna", "--email", "anna@example.com", "--role", "owner", "--password-stdin")


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "pressroom.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def pressroom(data: Path, *arguments: str, stdin: str = "") -> Result:
    """Runs a command of the slice in this process."""
    cli = typer.Typer()
    add_to(cli)
    called = Invocation(data=data, read_settings=lambda: make_settings(data), build_services=build_services)
    return CliRunner().invoke(cli, arguments, input=stdin, obj=called)


def test_the_program_makes_the_owner_from_a_pipe(data: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
    command = [sys.executable, "-m", "pressroom", *CREATE, "--json", "--data", str(data)]
    made = subprocess.run(command, input=PASSWORD, env=environ, cwd=data, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["username"] == "anna"


def test_a_script_makes_the_owner_and_gets_a_token(data: Path) -> None:
    made = pressroom(data, *CREATE, "--json", stdin=PASSWORD)
    assert made.exit_code == 0, made.stderr
    assert json.loads(made.stdout)["role"] == "owner"
    token = pressroom(data, "token", "create", "--username", "anna@example.com")
    assert token.exit_code == 0, token.stderr
    assert token.stdout.count(".") == 2
    listed = pressroom(data, "user", "list", "--json")
    assert [one["username"] for one in json.loads(listed.stdout)] == ["anna"]
    assert "hashed" not in listed.stdout


def test_passwords_and_roles_are_set_by_name(data: Path) -> None:
    pressroom(data, *CREATE, stdin=PASSWORD)
    changed = pressroom(data, "user", "password", "ANNA", "--password-stdin", stdin="another long sentence\n")
    assert (changed.exit_code, "anna has a new password" in changed.stdout) == (0, True)
    last = pressroom(data, "user", "role", "anna", "editor")
    assert (last.exit_code, "accounts.last_owner" in last.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (CREATE, "short", "accounts.password_refused"),
        ((*CREATE[:3], "a b", *CREATE[4:]), PASSWORD, "letters and digits"),
        (CREATE[:-1], "", "--password-stdin"),
        (("user", "create", "--password-stdin"), PASSWORD, "Username is missing"),
        (("user", "role", "nobody", "editor"), "", "nobody called nobody"),
        (("token", "create", "--username", "nobody"), "", "nobody called nobody"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_exit_tells(
    data: Path, arguments: tuple[str, ...], stdin: str, words: str
) -> None:
    refused = pressroom(data, *arguments, stdin=stdin)
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert refused.stdout == ""


def test_a_wrong_role_names_the_right_ones(data: Path) -> None:
    refused = pressroom(data, "user", "role", "anna", "king")
    assert refused.exit_code == 2
    assert "owner" in refused.stderr
