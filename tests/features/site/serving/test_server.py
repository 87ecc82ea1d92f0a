"""What a reader's browser gets from the live release."""

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pressroom.features.site.releases import ReleaseStore
from pressroom.features.site.serving import SiteServer

Publish = Callable[..., None]
Read = Any

PAGE = "<!doctype html><p>" + "words and more words " * 200
BIG = bytes(range(256)) * 4096


def test_before_the_first_release_the_reader_is_asked_to_wait(read: Read, publish: Publish) -> None:
    answer = read("/")
    assert answer.status == 503
    assert b"This publication is being prepared" in answer.body
    assert (answer.headers["retry-after"], answer.headers["cache-control"]) == ("2", "no-store")
    publish("r1")
    assert read("/").status == 200


def test_pages_live_in_folders(read: Read, publish: Publish) -> None:
    publish("r1", **{"a/b/index.html": "<p>page", "empty/x.txt": "x"})
    assert read("/").body == b"front page of r1"
    assert read("/a/b/").body == b"<p>page"
    assert read("/a/b/index.html").body == b"<p>page"
    answer = read("/a/b", query=b"q=1&x=%20")
    assert (answer.status, answer.headers["location"]) == (308, "/a/b/?q=1&x=%20")
    for missing in ("/a/", "/a", "/empty", "/empty/", "/a/b/c", "/index.html/", "/a/b/index.html/"):
        assert read(missing).status == 404, missing


def test_a_missing_page_gets_the_sites_own_answer(read: Read, publish: Publish) -> None:
    publish("r1")
    assert read("/nope").status == 404
    assert b"There is no page at this address" in read("/nope").body
    publish("r2", **{"404.html": "<p>Nothing here"})
    answer = read("/nope", if_none_match="*", range="bytes=0-3")
    assert (answer.status, answer.body) == (404, b"<p>Nothing here")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    head = read("/nope", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (404, b"", "15")


def test_old_addresses_redirect_before_files_answer(read: Read, publish: Publish) -> None:
    moved = {
        "/posts/old/": "/posts/new/",
        "/posts/旧/": "/posts/新/?x=1#top",
        "/same/": "/same/",
        "/%E5%90%8C/": "/同/",
        "/out/": "//evil.example/",
        "/away/": "https://evil.example/",
    }
    publish(
        "r1",
        **{
            "redirects.json": json.dumps(moved),
            "posts/old/index.html": "moved",
            "same/index.html": "s",
            "同/index.html": "s",
        },
    )
    answer = read("/posts/old/", query=b"utm=1")
    assert (answer.status, answer.headers["location"]) == (301, "/posts/new/?utm=1")
    assert read("/posts/旧/").headers["location"] == "/posts/%E6%96%B0/?x=1#top"
    assert read("/same/").status == read("/同/").status == 200
    assert read("/out/").status == read("/away/").status == 404


@pytest.mark.parametrize("text", ["{", "[]", '{"/a/": 5}', "\ud800".encode("utf-8", "surrogatepass")])
def test_unreadable_redirects_cost_no_page(read: Read, publish: Publish, text: str | bytes) -> None:
    publish("r1", **{"redirects.json": text})
    assert read("/").status == 200


def test_only_reading_is_allowed(read: Read, publish: Publish) -> None:
    publish("r1")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        answer = read("/", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    head = read("/", "HEAD")
    assert (head.status, head.body, head.headers) == (200, b"", read("/").headers)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.html", "", "text/html; charset=utf-8"),
        ("a.css", "", "text/css; charset=utf-8"),
        ("a.js", "", "text/javascript; charset=utf-8"),
        ("rss.xml", "<?xml version='1.0'?><rss version='2.0'>", "application/rss+xml; charset=utf-8"),
        ("atom.xml", "<feed xmlns='http://www.w3.org/2005/Atom'>", "application/atom+xml; charset=utf-8"),
        ("sitemap.xml", "<urlset>", "application/xml; charset=utf-8"),
        ("robots.txt", "", "text/plain; charset=utf-8"),
        ("a.svg", "", "image/svg+xml; charset=utf-8"),
        ("a.WOFF2", "", "font/woff2"),
        ("a.webp", "", "image/webp"),
        ("LICENSE", "", "application/octet-stream"),
    ],
)
def test_each_file_says_what_it_is(read: Read, publish: Publish, path: str, text: str, expected: str) -> None:
    publish("r1", **{path: text})
    assert read("/" + path).headers["content-type"] == expected


def test_hashed_assets_are_kept_for_ever_and_pages_asked_for_again(read: Read, publish: Publish) -> None:
    again, for_ever = "public, max-age=0, must-revalidate", "public, max-age=31536000, immutable"
    expected = {
        "assets/site.0123abcd.css": for_ever,
        "assets/fonts/serif-0123abcd.woff2": for_ever,
        "_astro/index.Dk3f9a2x.css": for_ever,
        "assets/logo-original.png": again,
        "assets/report-20240115.pdf": again,
        "site.0123abcd.css": again,
        "a/index.html": again,
    }
    publish("r1", **dict.fromkeys(expected, "x"))
    assert {path: read(f"/{path}").headers["cache-control"] for path in expected} == expected


def test_texts_are_packed_for_those_who_can_unpack(read: Read, publish: Publish) -> None:
    publish("r1", **{"index.html": PAGE, "small.html": "small", "photo.png": PAGE})
    packed = read("/", accept_encoding="br, GZIP;q=0.8")
    assert gzip.decompress(packed.body) == PAGE.encode()
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(packed.body) < len(PAGE) / 5
    for refusal in ("", "br", "gzip;q=0", "gzip; q=0.000, *", "identity"):
        plain = read("/", accept_encoding=refusal)
        assert plain.body == PAGE.encode(), refusal
        assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
        assert plain.headers["etag"] != packed.headers["etag"]
    for path in ("/small.html", "/photo.png"):
        assert "vary" not in read(path, accept_encoding="gzip").headers


def test_a_long_text_is_packed_too(read: Read, publish: Publish) -> None:
    long = json.dumps([PAGE + str(number) for number in range(200)]).encode()
    endless = PAGE * 1024
    publish("r1", **{"search/newest.json": long, "endless.txt": endless})
    packed = read("/search/newest.json", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == long
    assert int(packed.headers["content-length"]) == len(packed.body) < len(long) / 5
    assert read("/search/newest.json", "HEAD", accept_encoding="gzip").headers == packed.headers
    assert read("/search/newest.json", accept_encoding="gzip", if_none_match=packed.headers["etag"]).status == 304
    plain = read("/search/newest.json")
    assert (plain.body, plain.headers["vary"]) == (long, "Accept-Encoding")
    assert read("/search/newest.json", range="bytes=5-8", accept_encoding="gzip").body == long[5:9]
    assert read("/endless.txt", accept_encoding="gzip").body == endless.encode()


def test_who_has_the_page_already_gets_only_the_news(read: Read, publish: Publish) -> None:
    publish("r1", **{"index.html": PAGE})
    for encoding in ("gzip", "identity"):
        first = read("/", accept_encoding=encoding).headers
        for known in (first["etag"], f'"x", W/{first["etag"]}', "*"):
            answer = read("/", accept_encoding=encoding, if_none_match=known)
            assert (answer.status, answer.body) == (304, b"")
            for name in ("etag", "cache-control", "vary", "last-modified"):
                assert answer.headers[name] == first[name]
            assert "content-length" not in answer.headers
        same_date = {"if_modified_since": first["last-modified"]}
        assert read("/", accept_encoding=encoding, **same_date).status == 304
        assert read("/", accept_encoding=encoding, if_none_match='"x"', **same_date).status == 200
    assert read("/", if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200
    assert read("/", if_modified_since="yesterday").status == 200


def test_an_unchanged_page_keeps_its_etag_over_releases(read: Read, publish: Publish) -> None:
    publish("r1", **{"a/index.html": "a", "b/index.html": "b", "big.bin": BIG})
    before = {path: read(path).headers["etag"] for path in ("/a/", "/b/", "/big.bin")}
    publish("r2", base="r1", **{"b/index.html": "B"})
    after = {path: read(path).headers["etag"] for path in before}
    assert (after["/a/"], after["/big.bin"]) == (before["/a/"], before["/big.bin"])
    assert after["/b/"] != before["/b/"]
    publish("r3", **{"a/index.html": "a"})
    assert read("/a/").headers["etag"] == before["/a/"]


def test_a_new_release_is_seen_at_once_and_a_rollback_too(read: Read, publish: Publish, store: ReleaseStore) -> None:
    publish("r1", **{"gone/index.html": "x"})
    assert read("/gone/").status == 200
    publish("r2")
    assert (read("/").body, read("/gone/").status) == (b"front page of r2", 404)
    store.activate("r1", now=datetime(2026, 5, 2, tzinfo=UTC))
    assert (read("/").body, read("/gone/").body) == (b"front page of r1", b"x")
    store.tidy(keep=0)
    assert read("/gone/").body == b"x"


@pytest.mark.parametrize("data", [b"0123456789", BIG])
def test_parts_of_a_file(read: Read, publish: Publish, data: bytes) -> None:
    publish("r1", **{"file.bin": data})
    size = len(data)
    for asked, start, stop in [
        ("bytes=2-5", 2, 6),
        ("bytes=2-", 2, size),
        ("bytes=-3", size - 3, size),
        (f"bytes=5-{size * 9}", 5, size),
        (f"bytes=-{size * 9}", 0, size),
        ("Bytes=0-0", 0, 1),
    ]:
        answer = read("/file.bin", range=asked, accept_encoding="gzip")
        assert (answer.status, answer.body) == (206, data[start:stop]), asked
        assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert answer.headers["content-length"] == str(stop - start)
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer = read("/file.bin", range=asked)
        assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{size}")
    for asked in ("bytes=5-2", "bytes=-", "bytes=0-1,3-4", "lines=1-2", "bytes=x", "bytes=" + "9" * 99 + "-"):
        assert (read("/file.bin", range=asked).status, read("/file.bin", range=asked).body) == (200, data), asked
    assert read("/file.bin", "HEAD", range="bytes=0-1").status == 200


def test_a_part_only_of_the_file_that_the_client_began_with(read: Read, publish: Publish) -> None:
    publish("r1", **{"file.bin": b"0123456789"})
    headers = read("/file.bin").headers
    assert headers["accept-ranges"] == "bytes"
    for known in (headers["etag"], headers["last-modified"]):
        assert read("/file.bin", range="bytes=1-2", if_range=known).body == b"12"
    for other in ('"x"', "W/" + headers["etag"], "Fri, 01 Jan 2100 00:00:00 GMT"):
        assert read("/file.bin", range="bytes=1-2", if_range=other).status == 200
    assert read("/file.bin", range="bytes=1-2", if_none_match=headers["etag"]).status == 304


def test_a_big_file_comes_in_pieces_and_stops_when_nobody_listens(publish: Publish, store: ReleaseStore) -> None:
    publish("r1", **{"film.mp4": BIG * 4})
    pieces: list[int] = []
    hung_up = asyncio.Event()

    async def send(message: Any) -> None:
        pieces.append(len(message.get("body", b"")))
        if len(pieces) == 3:
            hung_up.set()
            await asyncio.sleep(0.01)

    async def receive() -> Any:
        await hung_up.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/film.mp4", "query_string": b"", "headers": []}
    asyncio.run(SiteServer(store._root)(scope, receive, send))
    assert sum(pieces) < len(BIG) * 2
    assert max(pieces) <= 256 * 1024


def test_memory_stays_in_its_bounds(publish: Publish, store: ReleaseStore, read: Read) -> None:
    publish("r1", **{f"{number}.txt": "x" * 10_000 for number in range(50)})
    read.site = SiteServer(store._root, memory=100_000)
    for number in range(50):
        assert read(f"/{number}.txt").status == 200
    assert 0 < read.site._shelf.currsize <= 100_000
    read.site = SiteServer(store._root, memory=100)
    assert read("/1.txt").status == 200


def test_headers_added_around_the_server_do_not_stick(publish: Publish, store: ReleaseStore) -> None:
    publish("r1")
    site, seen = SiteServer(store._root), []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append(len(message["headers"]))
            message["headers"].append((b"x-request-id", b"1"))

    async def twice() -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        for _ in range(2):
            await site(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]  # never awaited

    asyncio.run(twice())
    assert seen[0] == seen[1]


def test_files_that_are_not_pages_are_not_served(
    read: Read, publish: Publish, store: ReleaseStore, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    publish("r1", **{".env": "x", "a/.git/config": "x", ".well-known/security.txt": "mail us", "b.txt": "b"})
    release = store.path("r1")
    (release / "out.txt").symlink_to(tmp_path / "secret.txt")
    (release / "outside").symlink_to(tmp_path)
    (release / "inside.txt").symlink_to("b.txt")
    (release / "loop").symlink_to("loop")
    for path in ("/.env", "/a/.git/config", "/.carried.json", "/out.txt", "/outside/secret.txt", "/loop"):
        assert read(path).status == 404, path
    assert read("/.well-known/security.txt").body == b"mail us"
    assert read("/inside.txt").body == b"b"
