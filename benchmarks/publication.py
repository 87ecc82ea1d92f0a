"""A publication to measure: a data folder that the program itself made, and the program at work on it."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.editor import NAME, PASSWORD
from benchmarks.processes import REPOSITORY, Server, free_port, listening

PROGRAM = str(Path(sys.executable).with_name("pressroom"))
BUILD_SECONDS = 120.0
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Publication:
    """A data folder. All duties of the server are on; only the rate limit is too high to be reached."""

    data: Path

    @property
    def log(self) -> Path:
        """Where the server writes its lines, the access log among them, and what it would print on a console."""
        return self.data / "serve.log"

    def environ(self, **settings: str) -> dict[str, str]:
        """Nothing from outside may change what is measured."""
        fixed = {
            "PRESSROOM_DATA": str(self.data),
            "PRESSROOM_HTTP__RATE_PER_SECOND": "1000000",
            "PRESSROOM_HTTP__RATE_BURST": "1000000",
            "PRESSROOM_ACCOUNTS__ACCESS_MINUTES": "1440",
            "LOG_FILE": str(self.log),
        }
        return {name: os.environ[name] for name in INHERITED if name in os.environ} | fixed | settings

    def run(self, *arguments: str, stdin: str = "", accepted: tuple[int, ...] = (0,)) -> str:
        """One command of the program; returns what it printed.

        Raises:
            RuntimeError: it ended with another code than the accepted ones; with what it said.
        """
        self.data.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [PROGRAM, *arguments],
            check=False,
            cwd=self.data,
            env=self.environ(),
            input=stdin,
            capture_output=True,
            text=True,
        )
        if done.returncode not in accepted:
            raise RuntimeError(f"pressroom {' '.join(arguments)}: {done.stderr[-2000:] or done.stdout[-2000:]}")
        return done.stdout

    @contextmanager
    def serving(self, *, path: str = "/health", **settings: str) -> Iterator[Server]:
        """`pressroom serve` in a process of its own until the block ends; entered when `path` is answered."""
        port = free_port()
        command = [PROGRAM, "serve", "--port", str(port)]
        environ = self.environ(**settings)
        with listening(command, port=port, log=self.log, environ=environ, cwd=self.data, path=path) as server:
            yield server

    def import_folder(self, folder: Path) -> int:
        """Imports a folder of Markdown as the command line does it; returns how many posts came of it.

        The corpus holds broken files on purpose: they are reported, and make the command end with 1.
        """
        report = json.loads(self.run("import", "markdown", str(folder), "--json", accepted=(0, 1)))
        created: int = report["counts"]["created"]
        return created

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds, read beside the program."""
        with closing(sqlite3.connect(f"file:{self.data / 'pressroom.db'}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(sql).fetchall()

    def wait_until_built(self) -> None:
        """Returns once no build waits or runs any more."""
        deadline = time.monotonic() + BUILD_SECONDS
        while self.rows("SELECT 1 FROM jobs WHERE kind = 'site.build' AND state IN ('queued', 'running')"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"A build takes longer than {BUILD_SECONDS} s.")
            time.sleep(0.02)

    def create_owner(self) -> None:
        """The person who writes in the measures."""
        command = ["user", "create", "--username", NAME, "--email", "bench@example.com", "--role", "owner"]
        self.run(*command, "--password-stdin", stdin=PASSWORD)


def seed(publication: Publication, posts: int) -> None:
    """An owner and so many files of the corpus, imported as the command line does it, and the first build."""
    corpus = write_corpus(publication.data.with_suffix(".corpus"), posts)
    publication.create_owner()
    created = publication.import_folder(corpus)
    if created < posts * 0.95:
        raise RuntimeError(f"Only {created} of {posts} files were imported.")
    publication.run("site", "build", "--json")


def write_corpus(folder: Path, posts: int) -> Path:
    """So many varied Markdown files, English and Chinese, some of them broken."""
    if not folder.exists():
        script = str(REPOSITORY / "examples/corpus.py")
        subprocess.run(
            [sys.executable, script, str(folder), "--posts", str(posts)], check=True, stdout=subprocess.DEVNULL
        )
    return folder
