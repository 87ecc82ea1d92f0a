"""Ready-made answers: given out while the public revision stands, never after it moved."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from pressroom.composition import build_services
from pressroom.kernel import revision
from pressroom.kernel.http.encodings import accepts_gzip
from pressroom.kernel.services import Services
from pressroom.kernel.state import store_value

Serve = Callable[..., Any]
PUBLIC = "/api/probe/public"
HANG_UP = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query LIKE 'SELECT value FROM public%' AND pid <> pg_backend_pid() AND datname = current_database()"""


async def test_an_answer_is_made_once(serve: Serve, seen: Any) -> None:
    async with serve() as client:
        answers = [await client.get(PUBLIC) for _ in range(5)]
        assert seen.made == 1
        first = {name: value for name, value in answers[0].headers.items() if name != "x-request-id"}
        for answer in answers[1:]:
            assert answer.content == answers[0].content
            assert {k: v for k, v in answer.headers.items() if k != "x-request-id"} == first
        assert len({answer.headers["x-request-id"] for answer in answers}) == 5


async def test_an_answer_made_of_bytes_is_kept_too(serve: Serve, seen: Any) -> None:
    async with serve() as client:
        for _ in range(3):
            assert (await client.get("/api/probe/bytes")).json() == {"ready": True}
        assert seen.made == 1


async def test_a_change_is_seen_at_once(serve: Serve) -> None:
    async with serve() as client:
        for number in range(5):
            await client.post(f"/api/probe/store/word{number}")
            for _ in range(2):
                assert (await client.get(PUBLIC)).json()["word"] == f"word{number}"


async def test_a_change_of_another_process_is_seen(serve: Serve, settings: Any, clock: Any) -> None:
    other = build_services(settings, clock=clock)
    async with serve() as client:
        await client.get(PUBLIC)
        for number in range(3):
            async with other.unit() as unit:
                await store_value(unit.session, "word", number)
                await revision.move(unit)
            async with asyncio.timeout(1):  # at once on SQLite, with the next notification on PostgreSQL
                while (await client.get(PUBLIC)).json()["word"] != number:
                    await asyncio.sleep(0.005)
    await other.close()


async def test_an_answer_made_during_a_change_is_not_kept(serve: Serve, seen: Any) -> None:
    """It has read the old word; the change commits before it is sent."""
    async with serve() as client:
        await client.post("/api/probe/store/old")

        async def change_meanwhile() -> None:
            seen.pause = None
            await client.post("/api/probe/store/new")

        seen.pause = change_meanwhile
        assert (await client.get(PUBLIC)).json()["word"] == "old"
        assert (await client.get(PUBLIC)).json()["word"] == "new"


async def test_a_change_that_is_taken_back_costs_nothing(serve: Serve, services: Services, seen: Any) -> None:
    async with serve() as client:
        await client.get(PUBLIC)

        async def fail() -> None:
            async with services.unit() as unit:
                await revision.move(unit)
                raise LookupError

        with pytest.raises(LookupError):
            await fail()
        await client.get(PUBLIC)
        assert seen.made == 1


async def test_who_is_signed_in_neither_gets_nor_makes_kept_answers(serve: Serve, seen: Any) -> None:
    signed = {"Authorization": "Bearer someone"}
    async with serve() as client:
        for _ in range(2):
            answer = await client.get(PUBLIC, headers=signed)
            assert "public" not in answer.headers["cache-control"]
        assert seen.made == 2
        await client.get(PUBLIC)
        await client.get(PUBLIC, headers=signed)
        assert seen.made == 4


async def test_who_holds_the_answer_is_not_sent_it_again(serve: Serve) -> None:
    async with serve() as client:
        tag = ""
        for _ in range(2):  # made, then ready-made
            tag = (await client.get(PUBLIC)).headers["etag"]
            for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                same = await client.get(PUBLIC, headers={"If-None-Match": sent})
                assert (same.status_code, same.content) == (304, b"")
                for name in ("etag", "cache-control", "vary", "content-security-policy", "x-request-id"):
                    assert name in same.headers
            assert (await client.get(PUBLIC, headers={"If-None-Match": '"other"'})).status_code == 200
            assert (await client.head(PUBLIC, headers={"If-None-Match": tag})).status_code == 304
        await client.post("/api/probe/store/changed")
        assert (await client.get(PUBLIC, headers={"If-None-Match": tag})).status_code == 200


async def test_it_comes_compressed_to_who_accepts_it(serve: Serve) -> None:
    async with serve() as client:
        for _ in range(2):
            plain = await client.get(PUBLIC, headers={"Accept-Encoding": "identity"})
            async with client.stream("GET", PUBLIC, headers={"Accept-Encoding": "gzip"}) as packed:
                raw = b"".join([part async for part in packed.aiter_raw()])
            assert (packed.headers["content-encoding"], int(packed.headers["content-length"])) == ("gzip", len(raw))
            assert gzip.decompress(raw) == plain.content
            assert "content-encoding" not in plain.headers
            assert packed.headers["etag"] != plain.headers["etag"]
            assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        (b"gzip", True),
        (b"br, GZIP;q=0.5", True),
        (b"gzip;q=1.0", True),
        (b"deflate, gzip;q=0, br", False),
        (b"gzip; q=0.000", False),
        (b"gzipped", False),
        (b"identity", False),
        (b"", False),
    ],
)
def test_what_accepting_gzip_looks_like(header: bytes, *, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


async def test_an_address_that_somebody_made_long_is_not_kept(serve: Serve, seen: Any) -> None:
    async with serve() as client:
        for _ in range(2):
            assert (await client.get(f"/api/probe/public?{'x' * 1000}")).status_code == 200
        assert seen.made == 2
        for _ in range(2):
            assert (await client.get(f"/api/probe/public?{'x' * 100}")).status_code == 200
        assert seen.made == 3


async def test_endless_variants_of_an_address_stay_within_the_budget(serve: Serve, seen: Any) -> None:
    async with serve(read_side_bytes=100_000) as client:
        for number in range(200):
            await client.get(PUBLIC, params={"variant": number})
        kept = client._transport.app._read_side._kept
        assert 5 < len(kept) < 30
        assert kept.currsize <= 100_000
        made = seen.made
        await client.get(PUBLIC, params={"variant": 199})
        assert seen.made == made


async def test_it_can_be_turned_off(serve: Serve, seen: Any) -> None:
    async with serve(read_side=False) as client:
        for _ in range(3):
            await client.get(PUBLIC)
        assert seen.made == 3


async def test_when_the_revision_cannot_be_told_answers_are_made_afresh(
    serve: Serve, services: Services, seen: Any
) -> None:
    if services.database.is_sqlite:
        pytest.skip("a file does not hang up")
    async with serve() as client:
        await client.get(PUBLIC)
        async with services.unit() as unit:
            await unit.session.execute(text(HANG_UP))
        async with asyncio.timeout(2):
            while services.revision.current() is not None:
                await asyncio.sleep(0.01)
        await client.get(PUBLIC)
        await client.get(PUBLIC)
        assert seen.made == 3
        async with asyncio.timeout(5):
            while services.revision.current() is None:
                await asyncio.sleep(0.05)
        await client.get(PUBLIC)
        assert seen.made == 3  # nothing has changed, so the first is good again
