"""No address, however odd, gets a 5xx or anything from outside the release."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.features.site.releases import ReleaseStore
from pressroom.features.site.serving import SiteServer

SECRET = b"nobody may read this"
ODD = [
    "",
    "..",
    ".",
    "%2e%2e",
    "%252e",
    "%00",
    "%5c",
    "\\",
    "%c0%ae",
    "%ff",
    "//",
    "a",
    "index.html",
    ".env",
    "%2f",
    "~",
    "*",
]
segments = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=8)), max_size=12)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SiteServer:
    folder = tmp_path_factory.mktemp("odd")
    (folder / "secret.txt").write_bytes(SECRET)
    store = ReleaseStore(folder / "site")
    with store.stage("r1", base=None) as staging:
        staging.write("index.html", b"front")
        staging.write("a/index.html", b"a")
        staging.write("404.html", b"missing")
        staging.write(".env", SECRET)
    store.activate("r1", now=datetime(2026, 5, 1, tzinfo=UTC))
    return SiteServer(folder / "site")


@pytest.fixture(scope="module")
def address(site: SiteServer) -> Iterator[tuple[str, int]]:
    """The site behind a real HTTP server, which has its own ideas about odd addresses."""
    server = uvicorn.Server(uvicorn.Config(site, port=0, log_level="error", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


@given(parts=segments, slash=st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_decoded_path(site: SiteServer, parts: list[str], *, slash: bool) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    path = "/" + "/".join(parts) + "/" * slash
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    asyncio.run(site(scope, asyncio.Event().wait, send))  # type: ignore[arg-type]  # never awaited
    assert sent[0]["status"] in {200, 301, 308, 404}
    assert sent[1]["body"] in {b"front", b"a", b"missing", b""}
    for name, value in sent[0]["headers"]:
        if name == b"location":
            assert value.isascii()
            assert value.startswith(b"/")
            assert not value.startswith(b"//")


@pytest.mark.parametrize(
    "target",
    [
        b"/../../secret.txt",
        b"/%2e%2e/%2e%2e/secret.txt",
        b"/a/..%2f..%2f..%2fsecret.txt",
        b"/%252e%252e/secret.txt",
        b"/..%5c..%5csecret.txt",
        b"/%c0%ae%c0%ae/%c0%ae%c0%ae/secret.txt",
        b"/%00",
        b"/a%00.html",
        b"//a",
        b"//evil.example/a",
        b"//evil.example/%2e%2e",
        b"/%0d%0aset-cookie:x=1/a",
        b"/" + b"a" * 5000,
        b"/" + b"a/" * 2000,
        b"/%ff%fe",
        b"/\xff\xfe",
        b"/a?%0d%0aset-cookie:x",
        b"/.env",
        b"/%2eenv",
        b"*",
        b"a",
        b"http://evil.example/a",
    ],
)
def test_any_raw_target(address: tuple[str, int], target: bytes) -> None:
    with socket.create_connection(address, timeout=5) as client:
        client.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: _received(client), b""))
    status = int(answer.split(b" ", 2)[1])
    assert 200 <= status < 500
    assert SECRET not in answer
    assert b"set-cookie:x" not in answer.lower().replace(b"%0d%0aset-cookie:x", b"")
    head = answer.partition(b"\r\n\r\n")[0]
    assert b"evil.example" not in head
    assert b"location: //" not in head


def _received(client: socket.socket) -> bytes:
    with contextlib.suppress(ConnectionResetError):
        return client.recv(65536)
    return b""


def test_the_folder_of_the_data_may_itself_be_a_symlink(tmp_path: Path, site: SiteServer) -> None:
    (tmp_path / "link").symlink_to(site._root)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/a/", "query_string": b"", "headers": []}
    asyncio.run(SiteServer(tmp_path / "link")(scope, asyncio.Event().wait, send))  # type: ignore[arg-type]  # never awaited
    assert sent[1]["body"] == b"a"
