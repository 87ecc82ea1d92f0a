"""Readers notice nothing while releases go live: 200 of them, under load."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from pressroom.features.site.releases import ReleaseStore

FLIPS = Path(__file__).parents[4] / "benchmarks/flips.py"

pytestmark = pytest.mark.e2e


@pytest.fixture
def _nginx() -> None:
    if shutil.which("nginx") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx is not installed")


def flip_under_load(server: str) -> dict[str, int]:
    command = [sys.executable, str(FLIPS), "--server", server, "--readers", "2", "--json"]
    # In memory where the system has such a folder: a slow disk has no say in what readers see.
    shared = "/dev/shm"  # noqa: S108 - tempfile makes a private folder inside
    memory = {"TMPDIR": shared} if Path(shared).is_dir() else {}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=110, env=os.environ | memory)
    assert done.returncode == 0, done.stdout + done.stderr
    result: dict[str, int] = json.loads(done.stdout)
    return result


def test_200_flips_under_load() -> None:
    result = flip_under_load("pressroom")
    assert (result["flips"], result["failed"], result["missing_assets"]) == (200, 0, 0)
    assert result["requests"] > 2000


@pytest.mark.usefixtures("_nginx")
def test_200_flips_under_load_behind_nginx() -> None:
    result = flip_under_load("nginx")
    assert (result["flips"], result["failed"], result["missing_assets"]) == (200, 0, 0)
    assert result["requests"] > 2000


class Program(BaseHTTPRequestHandler):
    """Stands where the program would: says what it was asked."""

    def do_GET(self) -> None:
        self.send_response(201)
        self.end_headers()
        self.wfile.write(f"{self.path} {self.headers['X-Forwarded-For']}".encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def flips() -> ModuleType:
    spec = importlib.util.spec_from_file_location("flips", FLIPS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def program() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Program) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def make_site(folder: Path) -> ReleaseStore:
    store = ReleaseStore(folder / "site")
    with store.stage("r1", base=None) as staging:
        for path in (
            "index.html",
            "a/b/index.html",
            "404.html",
            "assets/x.0123abcd.css",
            "assets/x-20240115.pdf",
            "rss.xml",
            ".env",
        ):
            staging.write(path, path.encode())
        (staging.folder / "passwd").symlink_to("/etc/passwd")
    store.activate("r1", now=datetime(2026, 5, 1, tzinfo=UTC))
    return store


@pytest.mark.usefixtures("_nginx")
def test_nginx_serves_the_same_folder(tmp_path: Path, flips: ModuleType, program: HTTPServer) -> None:
    make_site(tmp_path)
    with flips.serving("nginx", tmp_path, program=program.server_port) as port:
        assert ask(port, "/a/b/")[1] == b"a/b/index.html"
        moved, _ = ask(port, "/a/b", Host="evil.example")
        assert (moved.status, moved.headers["Location"]) == (301, "/a/b/")
        assert ask(port, "/")[0].headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "immutable" in (ask(port, "/assets/x.0123abcd.css")[0].headers["Cache-Control"] or "")
        assert "must-revalidate" in (ask(port, "/assets/x-20240115.pdf")[0].headers["Cache-Control"] or "")
        assert ask(port, "/rss.xml")[0].headers["Content-Type"] == "application/rss+xml; charset=utf-8"
        for path in ("/.env", "/.carried.json"):
            assert (ask(port, path)[0].status, ask(port, path)[1]) == (404, b"404.html"), path
        for path in ("/api/v1/posts?q=1", "/token", "/docs", "/posts/moved/", "/panel/", "/metrics", "/passwd"):
            answer, said = ask(port, path, **{"X-Forwarded-For": "6.6.6.6"})
            assert (answer.status, said) == (201, f"{path} 127.0.0.1".encode())


@pytest.mark.usefixtures("_nginx")
def test_pages_stay_up_while_the_program_is_down(tmp_path: Path, flips: ModuleType) -> None:
    make_site(tmp_path)
    with flips.serving("nginx", tmp_path) as port:
        assert ask(port, "/a/b/")[0].status == 200
        missing, body = ask(port, "/nope/")
        assert (missing.status, body) == (404, b"404.html")
        assert ask(port, "/api/v1/posts")[0].status == 502
