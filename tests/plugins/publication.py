"""The real program in a process of its own, as a newcomer starts it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

PATIENCE = 60.0


@dataclass
class Publication:
    """A running `pressroom serve` and its data folder."""

    data: Path
    environ: dict[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    process: "subprocess.Popen[str] | None" = None
    listener: threading.Thread = field(default_factory=threading.Thread)
    clients: list[httpx.Client] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def setup_link(self) -> str:
        return next(found.group() for line in self.said if (found := re.search(r"http\S+/setup\?token=\S+", line)))

    def start(self) -> None:
        """Starts the server and waits until it answers. The port stays the same over restarts."""
        command = [sys.executable, "-m", "pressroom", "--data", str(self.data), "serve", "--port", str(self.port)]
        self.said.clear()
        log = (self.data.parent / "serve.log").open("a")
        self.process = subprocess.Popen(
            [*command, *self.arguments],
            env=clean_environ() | self.environ,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=self.data.parent,
        )
        log.close()
        assert self.process.stdout
        self.listener = threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True)
        self.listener.start()
        self._wait(lambda: any("Serving at" in line for line in self.said), "say where it serves")
        told = next(line for line in self.said if "Serving at" in line)
        self.port = int(re.search(r":(\d+)/", told).group(1))  # type: ignore[union-attr]  # the line has a port
        self._wait(self._answers, "answer")

    def _listen(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.said.append(line.rstrip())

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/health", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def _wait(self, holds: Callable[[], bool], what: str) -> None:
        assert self.process
        until = time.monotonic() + PATIENCE
        while not holds():
            log = (self.data.parent / "serve.log").read_text()[-3000:]
            assert self.process.poll() is None, f"serve ended with {self.process.returncode}: {self.said} {log}"
            assert time.monotonic() < until, f"serve did not {what}: {self.said} {log}"
            time.sleep(0.01)

    def wait_for_site(self) -> None:
        """Until the first release is live."""
        self._wait(lambda: httpx.get(self.address, timeout=5).status_code == 200, "make the site")

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(10)
        self._hear_out()

    def _hear_out(self) -> None:
        assert self.process
        assert self.process.stdout
        self.listener.join(10)
        self.process.stdout.close()

    def stop(self) -> float:
        """Stops it kindly; returns the seconds that took."""
        assert self.process
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self._hear_out()
        return time.monotonic() - begun

    def run(self, *arguments: str, stdin: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Another command of the program over the same data."""
        return subprocess.run(
            [sys.executable, "-m", "pressroom", "--data", str(self.data), *arguments],
            check=False,
            text=True,
            input=stdin,
            capture_output=True,
            timeout=PATIENCE,
            env=clean_environ() | self.environ,
            cwd=self.data.parent,
        )

    def run_json(self, *arguments: str) -> object:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def owner(self, password: str = "a long enough passphrase") -> httpx.Client:
        """A client signed in as the owner, who is made if there is none."""
        self.run(
            "user",
            "create",
            "--username",
            "ada",
            "--email",
            "ada@example.com",
            "--role",
            "owner",
            "--password-stdin",
            stdin=password,
        )
        return self.sign_in("ada", password)

    def sign_in(self, username: str, password: str) -> httpx.Client:
        """A client with a token, closed at the end of the test."""
        answer = httpx.post(f"{self.address}/token", data={"username": username, "password": password}, timeout=20)
        assert answer.status_code == 200, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self.clients.append(httpx.Client(base_url=self.address, headers=headers, timeout=20))
        return self.clients[-1]


def clean_environ() -> dict[str, str]:
    """The test's environment without settings that would leak into the program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PRESSROOM_")}
    for name in ("DATABASE_URL", "ENVIRONMENT", "LOG_FILE", "JWT_SECRET", "JWT_SECRET_KEY"):
        kept.pop(name, None)
    return kept


@pytest.fixture
def make_publication(tmp_path: Path) -> Iterator[Callable[..., Publication]]:
    """`make_publication(environ={…}, arguments=(…))`: one that is stopped at the end of the test."""
    made: list[Publication] = []

    def make(environ: dict[str, str] | None = None, arguments: tuple[str, ...] = ()) -> Publication:
        data = tmp_path / f"publication-{len(made)}" / "data"
        data.mkdir(parents=True)
        made.append(Publication(data, environ or {}, arguments))
        return made[-1]

    yield make
    for publication in made:
        for client in publication.clients:
            client.close()
        if publication.process and publication.process.poll() is None:
            publication.kill()


@pytest.fixture
def publication(make_publication: Callable[..., Publication]) -> Publication:
    """A running publication on SQLite, freshly made."""
    made = make_publication()
    made.start()
    return made
