"""Real repositories of git, each with settings of its own and nobody else's."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

MakeRepository = Callable[[str], "Repository"]


@dataclass(frozen=True)
class Repository:
    """A working tree, and the git that a person types in it."""

    top: Path

    def __call__(self, *words: str) -> str:
        """Runs git; the test fails with its words when it fails."""
        done = subprocess.run(["git", *words], cwd=self.top, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"git {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def write(self, path: str, text: str) -> Path:
        """Writes a file as an editor does."""
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def commit_all(self, message: str = "Everything") -> str:
        self("add", "--all")
        self("commit", "--quiet", "--message", message)
        return self("rev-parse", "HEAD")

    @property
    def log(self) -> list[str]:
        """Each commit as `author <mail>: message`, the newest first."""
        return self("log", "--format=%an <%ae>: %s").splitlines()


@pytest.fixture
def make_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeRepository:
    """`make_repository("blog")`: a new one in a folder of that name, whose person is Somebody Else."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Somebody Else\n\temail = else@example.com\n[init]\n\tdefaultBranch = main\n")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)

    def make(name: str) -> Repository:
        made = Repository(tmp_path / name)
        made.top.mkdir(parents=True, exist_ok=True)
        made("init", "--quiet")
        return made

    return make
