"""Every failure has one shape, whoever notices it."""

import asyncio
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.kernel.services import Services
from pressroom.kernel.state import find_value

Serve = Callable[..., Any]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def database_environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """SQLite is enough where the database plays no part."""
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pressroom.db")
    return {}


def check(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The members that every problem has, and that they agree with each other."""
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["type"]) == (status, f"/errors/{code}")
    assert body["instance"] == answer.request.url.path
    assert body["detail"] == body["error"]["message"]
    assert body["title"]
    assert body["error"]["request_id"] == answer.headers["x-request-id"]
    assert body["error"]["timestamp"].endswith("Z")
    return body


async def test_named_unnamed_and_unknown(serve: Serve) -> None:
    async with serve() as client:
        teapot = check(await client.get("/api/probe/teapot"), 409, "probe.teapot")
        assert (teapot["detail"], teapot["error"]["details"]) == ("It holds tea.", {"cups": 2})
        broken = await client.get("/api/probe/broken")
        check(broken, 500, "internal")
        assert "secret" not in broken.text
        assert "RuntimeError" not in broken.text
        check(await client.get("/api/nowhere"), 404, "request.not_found")
        wrong = await client.put("/api/probe/teapot")
        check(wrong, 405, "request.method_not_allowed")
        assert "GET" in wrong.headers["allow"]


async def test_each_error_is_explained_at_its_own_address(serve: Serve) -> None:
    async with serve() as client:
        body = (await client.get("/api/probe/teapot")).json()
        meaning = (await client.get(body["type"])).json()
        assert meaning == {"code": "probe.teapot", "status": 409, "title": "This is a teapot"}
        check(await client.get("/errors/no.such"), 404, "request.not_found")


async def test_a_wrong_field_is_pointed_at(serve: Serve) -> None:
    async with serve() as client:
        sent = {"words": 7, "a/b~c": 1, "number": -1}
        body = check(await client.post("/api/probe/words", json=sent), 422, "request.invalid")
        fields = {field["pointer"]: field["in"] for field in body["error"]["details"]["fields"]}
        assert fields == {"/words": "body", "/a~1b~0c": "body", "/number": "body"}
        body = check(await client.get("/api/probe/number/x"), 422, "request.invalid")
        assert [(field["in"], field["pointer"]) for field in body["error"]["details"]["fields"]] == [
            ("path", "/number")
        ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "request.malformed"),
        (b'{"words": "\xff"}', 400, "request.malformed"),
        (b'{"words": "\\ud800"}', 400, "request.malformed"),
        (b'{"words": NaN}', 400, "request.malformed"),
        (b'{"words": Infinity}', 400, "request.malformed"),
        (b'{"words": "x", "rest": ' + b"[" * 40 + b"]" * 40 + b"}", 400, "request.malformed"),
        (b'{"words": "x", "rest": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "request.malformed"),
        (b'{"words": "x", "number": 1' + b"0" * 400 + b"}", 400, "request.malformed"),
        (b'{"words": "x", "number": 123456789012345678901234567890}', 422, "request.invalid"),
        (b'{"words": "x", "number": 1e30}', 422, "request.invalid"),
        (b'"words"', 422, "request.invalid"),
        (b"[]", 422, "request.invalid"),
        (b"null", 422, "request.invalid"),
        (b"", 422, "request.invalid"),
        (b'{"words": "' + b"x" * 1_000_000 + b'"}', 422, "request.invalid"),
    ],
)
async def test_odd_bodies_are_refused(serve: Serve, body: bytes, status: int, code: str) -> None:
    async with serve() as client:
        check(await client.post("/api/probe/words", content=body, headers=JSON), status, code)
        fine = await client.post("/api/probe/words", content=b'{"words": "\\ud83d\\ude00 \\u4e16"}', headers=JSON)
        assert fine.json()["words"] == "😀 世"


@pytest.mark.parametrize("told", ["text/plain", "application/xml", "application/jsonx", "", "multipart/form-data"])
async def test_a_body_that_is_not_json_says_so(serve: Serve, told: str) -> None:
    async with serve() as client:
        headers = {"Content-Type": told}
        answer = await client.post("/api/probe/words", content=b'{"words": "x"}', headers=headers)
        check(answer, 415, "request.unsupported_type")


@pytest.mark.parametrize(
    "told", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/merge-patch+json"]
)
async def test_json_by_its_other_names(serve: Serve, told: str) -> None:
    async with serve() as client:
        answer = await client.post("/api/probe/words", content=b'{"words": "x"}', headers={"Content-Type": told})
        assert answer.status_code == 200


async def test_a_form_that_cannot_be_read(serve: Serve) -> None:
    async with serve() as client:
        assert (await client.post("/api/probe/form", data={"words": "世界"})).json() == "世界"
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        check(await client.post("/api/probe/form", content=b"nonsense", headers=headers), 400, "request.bad")
        check(await client.post("/api/probe/form", data={"word": "x"}), 422, "request.invalid")


async def test_too_much_is_refused_before_it_is_read(serve: Serve) -> None:
    async def too_much() -> Any:
        for _ in range(50):
            yield b" " * 100_000
        pytest.fail("the whole body was read")

    async with serve(max_body_bytes=2_000_000) as client:
        check(await client.post("/api/probe/words", content=b" " * 1_100_000, headers=JSON), 413, "request.too_large")
        check(await client.post("/api/probe/words", content=too_much(), headers=JSON), 413, "request.too_large")
        signed = JSON | {"Authorization": "Bearer x"}
        largest = b'{"words": "x"}' + b" " * 1_900_000
        assert (await client.post("/api/probe/words", content=largest, headers=signed)).status_code == 200


async def test_a_request_that_takes_too_long_changes_nothing(serve: Serve, services: Services) -> None:
    async with serve(request_seconds=0.2) as client:
        answer = await client.get("/api/probe/long")
        check(answer, 503, "request.timed_out")
        assert answer.headers["retry-after"] == "5"
        async with services.reading() as session:
            assert await find_value(session, "word") is None
        assert (await client.post("/api/probe/store/next")).status_code == 200  # the writer is free again


async def test_a_slow_disk_is_no_time_out(serve: Serve, services: Services) -> None:
    """Once the commit has begun it decides: nobody is told that nothing was changed when it was."""

    def dawdle(_connection: Any) -> None:
        time.sleep(0.4)

    engine = services.database.writer.sync_engine
    event.listen(engine, "commit", dawdle)
    async with serve(request_seconds=0.2) as client:
        assert (await client.post("/api/probe/store/kept")).json() == {"stored": "kept"}
    event.remove(engine, "commit", dawdle)
    async with services.reading() as session:
        assert await find_value(session, "word") == "kept"


async def test_a_slow_stream_is_not_cut_off(serve: Serve, seen: Any) -> None:
    """The clock runs until the answer begins."""
    async with serve(request_seconds=0.1) as client:
        reading = asyncio.create_task(client.get("/api/probe/stream"))
        await asyncio.sleep(0.4)
        assert seen.streaming
        assert not reading.done()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        for _ in range(100):
            await asyncio.sleep(0.01)
            if not seen.streaming:
                break


@pytest.mark.parametrize("charset", ["punycode", "utf-7", "undefined", '"unicode_escape"', "utf-16"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
async def test_a_form_in_another_encoding_than_utf_8_is_refused(serve: Serve, kind: str, charset: str) -> None:
    headers = {"Content-Type": f"{kind}; charset={charset}"}
    async with serve() as client:
        check(
            await client.post("/api/probe/form", content=b"words=x", headers=headers), 415, "request.unsupported_type"
        )
        plain = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        assert (await client.post("/api/probe/form", content=b"words=x", headers=plain)).json() == "x"


async def test_too_many_requests_are_told_when_to_come_back(serve: Serve) -> None:
    async with serve(rate_per_second=0.01, rate_burst=3) as client:
        answers = [await client.get(path) for path in ("/api/probe/number/1", "/", "/health", "/", "/health")]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        check(answers[-1], 429, "request.too_many")
        assert 60 <= int(answers[-1].headers["retry-after"]) <= 101


async def test_a_commit_that_fails_is_not_called_a_success(
    serve: Serve, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_session: AsyncSession) -> None:
        raise OSError("disk full")

    async with serve() as client:
        monkeypatch.setattr(AsyncSession, "commit", fail)
        check(await client.post("/api/probe/store/lost"), 500, "internal")
        monkeypatch.undo()
        async with services.reading() as session:
            assert await find_value(session, "word") is None


@pytest.mark.parametrize(
    "path", ["/%00", "/api/%ff%fe", "/api/probe/number/%00", "/errors/%F0%9F%98%80", "//evil", "/api/../x"]
)
async def test_odd_addresses_are_answered(serve: Serve, path: str) -> None:
    async with serve() as client:
        assert (await client.get(path)).status_code < 500
