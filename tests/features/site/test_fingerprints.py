"""Which files of a release are kept by browsers for good and carried along, and which can be taken down."""

import re
from pathlib import Path

import pytest

from pressroom.features.site.fingerprints import fingerprint, has_fingerprint

NGINX = Path(__file__).parents[3] / "deploy/nginx/pressroom.conf"
HASHED = [
    "assets/site.1f2e3d4c5b.css",
    "assets/fonts/serif-0123abcd.woff2",
    "assets/beside/a-picture.0123456789abcdef.png",
    "assets/0123456789abcdef.JPG",
    f"assets/css/stylesheet.min.{'0b1c' * 16}.css",
    "assets/main.1f2e3d4c.js.map",
    "assets/index-Dk3f9a2x.js",
    "assets/chunks/theme.BdJk3_9a.js",
    "assets/posts_hello.md.DtR5xK1q.lean.js",
    "assets/inter.Di8DUHzh.woff2",
    "assets/main-QZ3F7ABC.css",
    "_astro/index.Dk3f9a2x.css",
]
PLAIN = [
    "index.html",
    "site.0123abcd.css",
    "assets/site.css",
    "assets/private.pdf",
    "assets/logo-original.png",
    "assets/report-20240115.pdf",
    "assets/20240115123000.jpg",
    "assets/call-1705276800.mp3",
    "assets/bootstrap-5.3.0.css",
    "assets/jquery-ui-v10_13_2.js",
    "assets/app.20240115.js",
    "assets/flora-fabaceae.jpg",
    "assets/invoice-INV00123.pdf",
    "assets/party-iPhone15.jpg",
    "assets/site-darkMode.css",
    "assets/inter-latin400.woff2",
    "assets/550e8400-e29b-41d4-a716-446655440a00.pdf",
    "assets/1f2e3d4c5b",
]


def behind_nginx(path: str) -> bool:
    rules = re.findall(r'"~(\^/\S+)"\s+"public, max-age=31536000, immutable"', NGINX.read_text())
    assert rules
    return any(re.search(rule, f"/{path}") for rule in rules)


@pytest.mark.parametrize("path", HASHED)
def test_a_name_with_a_hash_is_kept(path: str) -> None:
    assert has_fingerprint(path)
    assert behind_nginx(path)


@pytest.mark.parametrize("path", PLAIN)
def test_a_date_a_version_or_a_word_is_no_hash(path: str) -> None:
    assert not has_fingerprint(path)
    assert not behind_nginx(path)


def test_every_name_of_our_own_is_one() -> None:
    names = {f"assets/x.{fingerprint(b'%d' % number)}.css" for number in range(5000)}
    assert len(names) == 5000
    assert all(map(has_fingerprint, names))
