"""A person decides, on the command line."""

import asyncio
import io
import json
import os
import pty
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.conftest import make_settings
from tests.features.source.conflicts.both_sides import HELLO
from tests.features.source.panel import before_its_file
from typer.testing import CliRunner, Result

from pressroom.composition import build_services
from pressroom.features.posts.filling import words_of
from pressroom.features.posts.service.desk import Desk
from pressroom.features.posts.service.writing import Change, Writing
from pressroom.features.posts.typeset import typeset
from pressroom.features.site.commands import add_to
from pressroom.features.source.conflicts.commands import show_conflicts
from pressroom.kernel.command import Invocation
from pressroom.kernel.preconditions import ANY
from pressroom.kernel.services import Services

PANEL, DISK = (HELLO.replace("Two.", f"Two, from the {side}.") for side in ("panel", "disk"))


class Shell:
    """Runs commands of the site's group in this process, on one data folder."""

    def __init__(self, data: Path, environ: dict[str, str]) -> None:
        self.data = data
        self.file = data / "blog" / "hello.md"
        self._environ = environ

    @property
    def invocation(self) -> Invocation:
        return Invocation(
            data=self.data,
            read_settings=lambda: make_settings(self.data, **self._environ),
            build_services=build_services,
        )

    def __call__(self, *arguments: str, typed: str | None = None) -> Result:
        cli = typer.Typer()
        add_to(cli)
        return CliRunner().invoke(cli, ["site", *arguments], obj=self.invocation, input=typed)

    def save(self, old: str, new: str) -> None:
        """Saves the post, whose file is not written yet."""

        async def work() -> None:
            services = build_services(self.invocation.read_settings())
            try:
                await _save(services, old, new)
            finally:
                await services.close()

        asyncio.run(work())

    def conflicts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self("conflicts", "--json").stdout)
        return found


async def _save(services: Services, old: str, new: str) -> None:
    async with services.unit() as unit:
        desk = Desk(services, unit)
        post = await desk.open(None, "hello", ANY)
        words = words_of(post)
        words = words.changed({"content": words.content.replace(old, new)})
        await Writing(desk).write(post, words, typeset(words, desk.house), Change(), by=None)


@pytest.fixture
def pressroom(tmp_path: Path, database_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(tmp_path, database_environ)
    shell.file.parent.mkdir()
    shell.file.write_text(HELLO)
    assert shell("attach", str(shell.file.parent), "--yes").exit_code == 0
    with before_its_file(monkeypatch):
        shell.save("Two.", "Two, from the panel.")
    shell.file.write_text(DISK)
    scanned = shell("scan")
    assert (scanned.exit_code, "1 in conflict" in scanned.stdout) == (0, True), scanned.output
    return shell


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's editor: a script that a test fills."""
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\n")
    script.chmod(stat.S_IRWXU)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(script))
    return script


def test_conflicts_are_listed(pressroom: Shell) -> None:
    told = pressroom("conflicts").stdout
    (found,) = pressroom.conflicts()
    assert (found["path"], found["post"]["slug"], found["version"]) == ("hello.md", "hello", 1)
    assert all(part in told for part in (found["id"], "hello.md", "“Hello”"))


def test_both_texts_are_shown_line_by_line_to_programs(pressroom: Shell) -> None:
    (found,) = pressroom.conflicts()
    shown = pressroom("conflicts", found["id"])
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[:4] == ["hello.md: “Hello”", "--- saved here", "+++ on disk", "@@ -7 +7 @@"]
    assert "-Two, from the panel.\n+Two, from the disk.\n" in shown.stdout
    whole = json.loads(pressroom("conflicts", found["id"], "--json").stdout)
    assert (whole["ours"], whole["theirs"], whole["base"]) == (PANEL, DISK, HELLO)


def _until_closed(terminal: io.FileIO) -> bytes:
    """All that a terminal was sent: it hands out a few kilobytes at a time, and ends with an error on Linux."""
    seen = b""
    with suppress(OSError):
        while part := terminal.read(65536):
            seen += part
    return seen


def test_both_texts_stand_side_by_side_at_a_terminal(pressroom: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = pressroom.conflicts()
    main, terminal = pty.openpty()
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    with ThreadPoolExecutor(1) as reader, os.fdopen(main, "rb", buffering=0) as shown:
        reading = reader.submit(_until_closed, shown)
        with os.fdopen(terminal, "w") as screen, monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", screen)
            app = typer.Typer()
            app.command()(show_conflicts)
            app([found["id"]], obj=pressroom.invocation, standalone_mode=False)
        seen = reading.result(timeout=30).decode()
    (line,) = [line for line in seen.splitlines() if "Two, from the" in line]
    assert line.index("panel") < line.index("disk")
    assert "pressroom site resolve" in seen


@pytest.mark.parametrize(("take", "wanted"), [("ours", PANEL), ("theirs", DISK)])
def test_one_of_the_two_texts_is_taken(pressroom: Shell, take: str, wanted: str) -> None:
    (found,) = pressroom.conflicts()
    asked = pressroom("resolve", found["id"], "--take", take)
    assert (asked.exit_code, "Say --yes" in asked.stderr, pressroom.file.read_text()) == (1, True, DISK)
    done = pressroom("resolve", found["id"], "--take", take, "--yes")
    assert (done.exit_code, done.stdout.startswith("Resolved.")) == (0, True), done.output
    assert pressroom.file.read_text() == wanted
    assert pressroom("conflicts").stdout == "No conflicts.\n"
    again = pressroom("resolve", found["id"], "--take", take, "--yes")
    assert (again.exit_code, "source.conflict_over" in again.stderr) == (1, True)


def test_a_text_of_one_s_own_comes_from_a_file(pressroom: Shell, tmp_path: Path) -> None:
    (found,) = pressroom.conflicts()
    own = tmp_path / "own.md"
    missing = pressroom("resolve", found["id"], "--text", str(own), "--yes")
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (1, True)
    own.write_bytes(b"caf\xe9")
    assert "not UTF-8" in pressroom("resolve", found["id"], "--text", str(own), "--yes").stderr
    own.write_text("---\ntitle: [\n---\n")
    refused = pressroom("resolve", found["id"], "--text", str(own), "--yes")
    assert (refused.exit_code, "source.not_a_post" in refused.stderr) == (1, True)
    own.write_text(HELLO.replace("Two.", "Two, from both."))
    done = pressroom("resolve", found["id"], "--text", str(own), "--yes", "--json")
    assert (done.exit_code, json.loads(done.stdout)["resolution"]) == (0, "text")
    assert pressroom.file.read_text() == own.read_text()


def test_a_text_is_written_in_an_editor_that_begins_with_both_sides(pressroom: Shell, editor: Path) -> None:
    (found,) = pressroom.conflicts()
    decide = "/^<<<<<<</d; /^=======$/,/^>>>>>>>/d"
    editor.write_text(f'#!/bin/sh\ncp "$1" "$1.seen" && sed -i "{decide}" "$1"\n')
    cannot = pressroom("resolve", found["id"], "--edit")
    assert (cannot.exit_code, "Say --yes" in cannot.stderr) == (1, True)
    (seen,) = editor.parent.glob("pressroom-*/hello.md.seen")
    marks = "<<<<<<< saved here\nTwo, from the panel.\n=======\nTwo, from the disk.\n>>>>>>> on disk\n"
    assert seen.read_text() == HELLO.replace("Two.\n", marks)
    done = pressroom("resolve", found["id"], "--edit", "--yes")
    assert done.exit_code == 0, done.output
    assert pressroom.file.read_text() == PANEL


def test_markers_that_remain_are_refused_and_the_text_is_kept(pressroom: Shell, editor: Path) -> None:
    (found,) = pressroom.conflicts()
    editor.write_text('#!/bin/sh\nsed -i "s/^=======$/and/" "$1"\n')
    refused = pressroom("resolve", found["id"], "--edit", "--yes")
    assert (refused.exit_code, "markers are left" in refused.stderr) == (1, True)
    (kept,) = editor.parent.glob("pressroom-*/hello.md")
    assert f"--text {kept}" in refused.stderr
    assert "\nand\n" in kept.read_text()
    assert pressroom.file.read_text() == DISK


def test_an_editor_that_fails_changes_nothing(pressroom: Shell, editor: Path) -> None:
    (found,) = pressroom.conflicts()
    editor.write_text("#!/bin/sh\nexit 3\n")
    refused = pressroom("resolve", found["id"], "--edit", "--yes")
    assert (refused.exit_code, "Nothing was changed" in refused.stderr) == (1, True)
    assert pressroom.file.read_text() == DISK


@pytest.mark.parametrize("choice", [(), ("--take", "ours", "--edit"), ("--text", "x", "--take", "ours")])
def test_a_decision_is_one_of_three(pressroom: Shell, choice: tuple[str, ...]) -> None:
    (found,) = pressroom.conflicts()
    refused = pressroom("resolve", found["id"], "--yes", *choice)
    assert (refused.exit_code, "--take ours" in refused.stderr) == (1, True)


def test_an_unknown_conflict_is_named(pressroom: Shell) -> None:
    unknown = "00000000-0000-7000-8000-000000000000"
    for refused in (pressroom("conflicts", unknown), pressroom("resolve", unknown, "--take", "ours", "--yes")):
        assert (refused.exit_code, "source.conflict_not_found" in refused.stderr) == (1, True)
