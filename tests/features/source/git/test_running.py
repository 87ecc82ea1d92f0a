"""How git is run: the real one, with an environment that a test can look at."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from tests.plugins.repositories import MakeRepository

from pressroom.features.source.git.errors import GitBusy, GitMissing, GitTimedOut, GitUntrusted, NotInGit
from pressroom.features.source.git.running import Git, Said

SECRETS = ("DATABASE_URL", "JWT_SECRET", "PRESSROOM_ACCOUNTS__JWT_SECRET", "STRIPE_SECRET_KEY", "OPENAI_API_KEY")


async def test_our_secrets_are_not_handed_on(make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = make_repository("blog")
    repository("config", "alias.environ", "!env")
    for name in (*SECRETS, "GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    said = await Git(repository.top)("environ")
    seen = dict(line.split("=", 1) for line in said.output.splitlines() if "=" in line)
    assert seen.keys().isdisjoint(SECRETS)
    assert "secret" not in seen.values()
    assert (seen["SSH_AUTH_SOCK"], seen["GIT_TERMINAL_PROMPT"]) == ("/run/agent", "0")


async def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(
    make_repository: MakeRepository, tmp_path: Path
) -> None:
    repository = make_repository("blog")
    repository("config", "alias.long", f"!echo $$ > {tmp_path}/pid; exec sleep 600")
    with pytest.raises(GitTimedOut, match="git long"):
        await Git(repository.top)("long", seconds=0.5)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


async def test_a_cancelled_caller_leaves_no_git_behind(make_repository: MakeRepository, tmp_path: Path) -> None:
    repository = make_repository("blog")
    repository("config", "alias.long", f"!echo $$ > {tmp_path}/pid; exec sleep 600")
    task = asyncio.create_task(Git(repository.top)("long"))
    until = time.monotonic() + 10
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        assert time.monotonic() < until
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}").exists()


async def test_another_user_s_tree_is_refused_with_what_to_do(make_repository: MakeRepository) -> None:
    if os.geteuid():
        pytest.skip("only root can give a folder to another user")
    repository = make_repository("blog")
    for path in (repository.top, repository.top / ".git"):
        os.chown(path, 65534, 65534)
    with pytest.raises(GitUntrusted, match=r"safe\.directory") as refused:
        await Git(repository.top)("status")
    assert str(repository.top) in str(refused.value)


async def test_a_held_lock_is_named_as_such(make_repository: MakeRepository) -> None:
    repository = make_repository("blog")
    repository.write("a.md", "A")
    (repository.top / ".git" / "index.lock").touch()
    with pytest.raises(GitBusy):
        await Git(repository.top)("add", "a.md")


async def test_hooks_run_only_when_they_may(make_repository: MakeRepository) -> None:
    repository = make_repository("blog")
    hook = repository.top / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho the hook says no >&2\nexit 1\n")
    hook.chmod(0o755)
    assert (await Git(repository.top)("commit", "--allow-empty", "-m", "One")).code == 0
    said = await Git(repository.top, code=True)("commit", "--allow-empty", "-m", "Two")
    assert (said.code, said.words) == (1, "the hook says no")


async def test_no_git_and_no_folder_have_names_of_their_own(
    make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository = make_repository("blog")
    with pytest.raises(NotInGit):
        await Git(tmp_path / "nowhere")("status")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitMissing):
        await Git(repository.top)("status")


def test_passwords_in_addresses_stay_out_of_what_is_told() -> None:
    said = Said(128, "", "fatal: unable to access 'https://ada:ghp_secret@example.com/blog.git/': no\n")
    assert said.words == "fatal: unable to access 'https://example.com/blog.git/': no"
