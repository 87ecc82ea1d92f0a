"""Over a real socket: what only bytes can show."""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

Listen = Callable[..., Any]


@pytest.fixture
def database_environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """SQLite is enough where the database plays no part."""
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pressroom.db")
    return {}


async def exchange(port: int, request: bytes, *, wait: float = 2.0) -> bytes:
    """Everything that is answered until the server closes or falls silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = b""
    try:
        async with asyncio.timeout(wait):
            while part := await reader.read(65536):
                answer += part
    except TimeoutError:
        answer += b"<still open>"
    writer.close()
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


CLOSE = b"Host: x\r\nConnection: close\r\n"
LATER = b"GET /api/probe/broken HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_two_ways_to_tell_the_length_are_refused(listen: Listen) -> None:
    """Otherwise a proxy and we could see the end in different places, and a second request in between."""
    body = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n0\r\n\r\n"
    async with listen() as port:
        smuggled = await exchange(port, b"POST /api/probe/words HTTP/1.1\r\nHost: x\r\n" + body + LATER, wait=1)
        assert statuses(smuggled) == [400]
        assert b"<still open>" not in smuggled
        twice = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
        assert statuses(await exchange(port, twice)) == [400]


async def test_too_large_is_answered_before_the_body_arrives(listen: Listen) -> None:
    head = b"POST /api/probe/words HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    async with listen() as port:
        told = await exchange(port, head + b"Content-Length: 50000000\r\n\r\n")
        assert statuses(told) == [413]
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        chunked = await exchange(port, head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2)
        assert statuses(chunked) == [413]


@pytest.mark.parametrize("path", [b"/", b"/health", b"/api/probe/public", b"/openapi.json"])
async def test_head_over_the_wire(listen: Listen, path: bytes) -> None:
    async with listen() as port:
        for _ in range(2):
            answer = await exchange(port, b"HEAD " + path + b" HTTP/1.1\r\n" + CLOSE + b"\r\n")
            head, _, body = answer.partition(b"\r\n\r\n")
            assert statuses(answer) == [200]
            assert b"content-length: " in head.lower()
            assert body == b""


async def test_head_of_a_stream_ends_and_so_does_the_stream(listen: Listen, seen: Any) -> None:
    async with listen() as port:
        answer = await exchange(port, b"HEAD /api/probe/stream HTTP/1.1\r\n" + CLOSE + b"\r\n")
        assert statuses(answer) == [200]
        assert b"tick" not in answer
        assert b"<still open>" not in answer
        await asyncio.sleep(0.1)
        assert not seen.streaming


async def test_a_reader_that_leaves_ends_the_stream(listen: Listen, seen: Any) -> None:
    async with listen() as port:
        answer = await exchange(port, b"GET /api/probe/stream HTTP/1.1\r\nHost: x\r\n\r\n", wait=0.3)
        assert answer.count(b"tick") > 3
        async with asyncio.timeout(2):
            while seen.streaming:
                await asyncio.sleep(0.01)


async def test_a_connection_serves_many_requests(listen: Listen) -> None:
    one = b"GET /api/probe/public HTTP/1.1\r\nHost: x\r\n\r\n"
    refused = b"PUT /api/probe/public HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    async with listen() as port:
        answer = await exchange(port, one * 3 + refused + one, wait=0.7)
        assert statuses(answer) == [200, 200, 200, 405, 200]


async def test_a_writer_that_hangs_up_leaves_nothing_behind(listen: Listen, services: Any) -> None:
    begun = (
        b'POST /api/probe/words HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"wo'
    )
    async with listen() as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun)
        await writer.drain()
        writer.close()
        await asyncio.sleep(0.1)
        assert statuses(await exchange(port, b"GET /health HTTP/1.1\r\n" + CLOSE + b"\r\n")) == [200]


@pytest.mark.e2e
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "with an open stream"])
async def test_the_program_stops_within_two_seconds(tmp_path: Path, *, busy: bool) -> None:
    """The whole program in its own process, told to stop as a service manager does."""
    command = [sys.executable, "-m", "pressroom", "--data", str(tmp_path), "serve", "--port", "0", "--local"]
    environ = {**os.environ, "PRESSROOM_LOG__FILE": str(tmp_path / "log")}
    process = await asyncio.create_subprocess_exec(*command, env=environ, cwd=tmp_path, stdout=subprocess.PIPE)
    try:
        port = await asyncio.wait_for(announced_port(process), 30)
        await ready(port)
        open_stream = await begin_stream(tmp_path, port) if busy else None
        begun = time.monotonic()
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)
        assert time.monotonic() - begun < 2.0
        assert process.returncode in (0, -signal.SIGTERM)
        if open_stream is not None:
            open_stream.close()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert "Traceback" not in (tmp_path / "log").read_text()


async def announced_port(process: asyncio.subprocess.Process) -> int:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := re.search(rb"Serving at http://127\.0\.0\.1:(\d+)/", line):
            return int(found[1])
    raise AssertionError("it ended before it served")


async def ready(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            with suppress(OSError):
                if 200 in statuses(await exchange(port, b"GET /health HTTP/1.1\r\n" + CLOSE_LOCAL + b"\r\n")):
                    return
            await asyncio.sleep(0.05)


async def begin_stream(data: Path, port: int) -> asyncio.StreamWriter:
    """Watches a job that waits for tomorrow."""
    job_id = uuid4()
    with sqlite3.connect(data / "pressroom.db") as database:
        database.execute(WAITING_JOB, (job_id.hex,))
    database.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/v1/jobs/{job_id}/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert b"200 OK" in await asyncio.wait_for(reader.readuntil(b"event: job"), 5)
    return writer


CLOSE_LOCAL = b"Host: localhost\r\nConnection: close\r\n"
WAITING_JOB = """INSERT INTO jobs
(id, kind, arguments, state, progress, message, attempts, max_attempts, cancel_requested, run_at, created_at)
VALUES (?, 'test.wait', '{}', 'queued', 0, '', 0, 1, 0, '2999-01-01 00:00:00', '2026-01-01 00:00:00')"""
