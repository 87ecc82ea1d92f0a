"""What every answer carries, who is believed, and what local mode lets in."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pressroom.kernel.http.clients import ClientAddresses, rate_key
from pressroom.kernel.http.limiter import RateLimiter

Serve = Callable[..., Any]
EVERYWHERE = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "x-request-id",
}
KINDS = [
    ("GET", "/", 200),
    ("GET", "/api/probe/number/1", 200),
    ("GET", "/api/probe/public", 200),
    ("GET", "/api/probe/public", 200),  # ready-made now
    ("GET", "/api/probe/teapot", 409),
    ("GET", "/api/probe/broken", 500),
    ("GET", "/api/nowhere", 404),
    ("PUT", "/api/probe/teapot", 405),
    ("POST", "/api/probe/words", 422),
    ("GET", "/health", 200),
    ("GET", "/ready", 200),
    ("GET", "/metrics", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/redoc", 200),
]


@pytest.fixture
def database_environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """SQLite is enough where the database plays no part."""
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pressroom.db")
    return {}


async def test_every_kind_of_answer_carries_the_headers_once(serve: Serve) -> None:
    async with serve() as client:
        for method, path, status in KINDS:
            answer = await client.request(method, path)
            assert answer.status_code == status, path
            names = [name.lower() for name, _ in answer.headers.raw]
            assert {name.encode() for name in EVERYWHERE} <= set(names), path
            assert len(names) == len(set(names)), path
            assert b"strict-transport-security" not in names
            assert b"server" not in names
            assert "unsafe" not in answer.headers["content-security-policy"] or path == "/redoc"


async def test_answers_of_the_api_are_stored_by_nobody_unless_they_say_so(serve: Serve) -> None:
    async with serve() as client:
        assert (await client.get("/api/probe/number/1")).headers["cache-control"] == "no-store"
        assert (await client.get("/api/probe/teapot")).headers["cache-control"] == "no-store"
        for _ in range(2):
            assert (await client.get("/api/probe/public")).headers["cache-control"].startswith("public, max-age=0")
        assert "cache-control" not in (await client.get("/")).headers


async def test_https_is_remembered_where_readers_come_over_it(serve: Serve) -> None:
    async with serve(base_url="https://example.org") as client:
        for path in ("/", "/health", "/api/probe/public", "/api/nowhere"):
            assert "max-age=" in (await client.get(path)).headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/api/probe/number/1", "/api/probe/public", "/health", "/openapi.json"])
async def test_head_is_get_without_the_body(serve: Serve, path: str) -> None:
    async with serve() as client:
        for _ in range(2):
            head, get = await client.head(path), await client.get(path)
            assert (head.status_code, head.content) == (200, b"")
            ours = {"x-request-id"}
            assert {k: v for k, v in head.headers.items() if k not in ours} == {
                k: v for k, v in get.headers.items() if k not in ours
            }


async def test_request_ids_are_taken_over_or_made(serve: Serve) -> None:
    async with serve() as client:
        for path in ("/", "/health", "/api/probe/public", "/api/probe/public", "/api/nowhere"):
            taken = await client.get(path, headers={"X-Request-ID": "trace-0123.AB_c"})
            assert taken.headers["x-request-id"] == "trace-0123.AB_c"
        made = {(await client.get("/health")).headers["x-request-id"] for _ in range(3)}
        assert len(made) == 3
        for forged in ("short", "x" * 65, "new\tline-00", 'quote"quote', "a b c d e f"):
            answer = await client.get("/health", headers={"X-Request-ID": forged})
            assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", answer.headers["x-request-id"])


async def test_only_trusted_proxies_say_who_asks(serve: Serve) -> None:
    forwarded = {"X-Forwarded-For": "9.9.9.9, 203.0.113.7, 10.0.0.5", "X-Forwarded-Proto": "https"}
    path = "/api/probe/number/1"
    async with serve(trusted_proxies=("10.0.0.0/8",), client="10.0.0.1") as client:
        seen = (await client.get(path, headers=forwarded)).json()
        assert (seen["client"], seen["scheme"]) == ("203.0.113.7", "https")
    for trusted, peer in (((), "10.0.0.1"), (("10.0.0.0/8",), "192.0.2.1")):
        async with serve(trusted_proxies=trusted, client=peer) as client:
            seen = (await client.get(path, headers=forwarded)).json()
            assert (seen["client"], seen["scheme"]) == (peer, "http")


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (b"", "10.0.0.1"),
        (b"unknown", "10.0.0.1"),
        (b"1.1.1.1, junk", "10.0.0.1"),
        (b"junk, 1.1.1.1", "1.1.1.1"),
        (b"10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (b"2001:db8::1", "2001:db8::1"),
    ],
)
def test_what_proxies_say_is_read_from_the_near_end(forwarded: bytes, client: str) -> None:
    clients = ClientAddresses(["10.0.0.0/8"])
    assert clients.of({"client": ("10.0.0.1", 1)}, {b"x-forwarded-for": forwarded}) == client


def test_a_whole_ipv6_network_counts_as_one() -> None:
    assert len({rate_key(address) for address in ("2001:db8::1", "2001:db8::ffff:2:3", "2001:db8:0:0:9::")}) == 1
    assert rate_key("2001:db8:0:1::1") != rate_key("2001:db8::1")
    assert rate_key("192.0.2.1") == "192.0.2.1"


def test_a_socket_for_both_kinds_of_addresses_tells_ipv4_clients_apart() -> None:
    def of(peer: str, forwarded: bytes = b"") -> str:
        headers = {b"x-forwarded-for": forwarded, b"x-forwarded-proto": b"https"}
        scope = {"client": (peer, 1), "scheme": "http"}
        assert clients.scheme(scope, headers) == ("https" if peer.endswith("10.0.0.1") else "http")
        return clients.of(scope, headers)

    clients = ClientAddresses(["10.0.0.0/8"])
    assert of("::ffff:192.0.2.1") == "192.0.2.1"
    assert of("::FFFF:10.0.0.1", b"::ffff:192.0.2.7") == "192.0.2.7"
    assert of("::ffff:10.0.0.1", b"2001:db8::1") == "2001:db8::1"
    assert of("::ffff:none") == "::ffff:none"
    assert rate_key("") == ""


def test_the_limiter_allows_a_burst_and_then_the_rate() -> None:
    limiter = RateLimiter(rate=10, burst=3, keys=2)
    assert [limiter.wait("a", 0.0) for _ in range(3)] == [0.0] * 3
    assert limiter.wait("a", 0.0) == pytest.approx(0.1)
    assert limiter.wait("b", 0.0) == 0.0
    assert limiter.wait("a", 0.11) == 0.0
    assert limiter.wait("a", 0.11) > 0
    for number in range(100):
        limiter.wait(f"key {number}", 100.0)
    assert len(limiter._used_until) <= 3


async def test_metrics_are_for_this_machine_only(serve: Serve) -> None:
    async with serve() as client:
        await client.get("/api/probe/teapot")
        text = (await client.get("/metrics")).text
        assert 'pressroom_http_requests_total{method="GET",route="/api/probe/teapot",status="409"} 1.0' in text
        assert (await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 403
    async with serve(client="203.0.113.7") as client:
        assert (await client.get("/metrics")).status_code == 403


async def test_ready_names_what_does_not_answer(serve: Serve, services: Any) -> None:
    async with serve() as client:
        well = (await client.get("/ready")).json()
        assert {name: state["state"] for name, state in well["dependencies"].items()} == dict.fromkeys(
            ("database", "cache", "storage", "mail"), "ok"
        )
        (services.settings.data / "outbox").rmdir()
        (services.settings.data / "outbox").write_text("in the way")
        ill = await client.get("/ready")
        assert (ill.status_code, ill.json()["status"]) == (503, "not_ready")
        assert ill.json()["dependencies"]["mail"]["state"] == "failed"
        assert (await client.get("/health")).status_code == 200


async def test_other_origins_need_to_be_listed(serve: Serve) -> None:
    friend, stranger = {"Origin": "https://friend.org"}, {"Origin": "https://stranger.org"}
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,if-match"}
    async with serve(cors_origins=("https://friend.org",)) as client:
        preflight = await client.options("/api/probe/words", headers=friend | asking)
        assert preflight.headers["access-control-allow-origin"] == "https://friend.org"
        assert (await client.options("/api/probe/words", headers=stranger | asking)).status_code == 400
        await client.get("/api/probe/public")  # ready-made for those without an origin
        for _ in range(2):
            answer = await client.get("/api/probe/public", headers=friend)
            assert answer.headers["access-control-allow-origin"] == "https://friend.org"
            assert "access-control-allow-origin" not in (await client.get("/api/probe/public")).headers
        assert "access-control-allow-origin" not in (await client.get("/api/probe/public", headers=stranger)).headers
    async with serve() as client:
        assert "access-control-allow-origin" not in (await client.get("/api/probe/public", headers=friend)).headers


@pytest.mark.parametrize("origin", ["https://friend.org", "https://stranger.org"])
async def test_other_origins_read_every_refusal_when_they_are_listed(serve: Serve, origin: str) -> None:
    limits: dict[str, Any] = {"rate_per_second": 0.001, "rate_burst": 3, "max_body_bytes": 100, "request_seconds": 0.2}
    asked = {"Origin": origin, "X-Forwarded-For": "192.0.2.1"}
    async with serve(cors_origins=("https://friend.org",), **limits) as client:
        answers = [
            await client.get("/api/probe/broken", headers=asked),
            await client.post("/api/probe/words", content=b"x" * 200, headers=asked),
            await client.get("/api/probe/long", headers=asked),
            await client.get("/api/probe/public", headers=asked),
        ]
        assert [answer.status_code for answer in answers] == [500, 413, 503, 429]
        for answer in answers:
            allowed = answer.headers.get("access-control-allow-origin")
            assert allowed == (origin if origin == "https://friend.org" else None)
            names = [name.lower() for name, _ in answer.headers.raw]
            assert names.count(b"vary") <= 1
            assert not allowed or "Retry-After" in answer.headers["access-control-expose-headers"]


LOCAL = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:8000"},
        {"Host": ""},
        {"Host": "[:::"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
async def test_local_mode_is_closed_to_other_pages(serve: Serve, headers: dict[str, str]) -> None:
    async with serve(local=True, origin=LOCAL) as client:
        for method, path in (("GET", "/"), ("GET", "/api/probe/public"), ("POST", "/api/probe/store/x")):
            answer = await client.request(method, path, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "request.foreign_host")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost:8000"},
        {"Host": "LOCALHOST"},
        {"Host": "[::1]:8000"},
        {"Origin": LOCAL},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_local_mode_is_open_to_its_own(serve: Serve, headers: dict[str, str]) -> None:
    async with serve(local=True, origin=LOCAL) as client:
        assert (await client.get("/api/probe/public", headers=headers)).status_code == 200


async def test_local_mode_follows_links_but_obeys_no_form_from_elsewhere(serve: Serve) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with serve(local=True, origin=LOCAL) as client:
        assert (await client.get("/", headers=link)).status_code == 200
        assert (await client.post("/api/probe/store/x", headers=link)).status_code == 403
    async with serve(local=True, origin=LOCAL, client="192.0.2.7") as client:
        assert (await client.get("/")).status_code == 403
