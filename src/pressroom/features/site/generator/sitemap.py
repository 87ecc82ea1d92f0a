"""The sitemap: an index, one file for the lists and numbered segments of posts in publishing order."""

from collections.abc import Iterable
from html import escape

from pressroom.features.site.generator.addresses import post_path
from pressroom.features.site.generator.model import PostCard
from pressroom.features.site.generator.moments import timestamp

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = "sitemaps/pages.xml"


def segment_file(number: int) -> str:
    """The file of a segment, counted from 0: `sitemaps/posts-1.xml` is the oldest."""
    return f"sitemaps/posts-{number + 1}.xml"


def index(base_url: str, segments: int) -> bytes:
    """`sitemap.xml`."""
    files = (PAGES, *(segment_file(number) for number in range(segments)))
    entries = (f"<sitemap><loc>{escape(base_url)}/{name}</loc></sitemap>" for name in files)
    return _document("sitemapindex", entries)


def segment(base_url: str, cards: Iterable[PostCard]) -> bytes:
    """Posts and when each last changed."""
    base = escape(base_url)
    entries = (
        f"<url><loc>{base}{post_path(card.slug)}</loc><lastmod>{timestamp(card.updated_at)}</lastmod></url>"
        for card in cards
    )
    return _document("urlset", entries)


def pages(base_url: str, paths: Iterable[str]) -> bytes:
    """The fronts of the lists."""
    return _document("urlset", (f"<url><loc>{escape(base_url + path)}</loc></url>" for path in paths))


def _document(name: str, entries: Iterable[str]) -> bytes:
    lines = ("<?xml version='1.0' encoding='utf-8'?>", f"<{name} {NAMESPACE}>", *entries, f"</{name}>\n")
    return "\n".join(lines).encode()
