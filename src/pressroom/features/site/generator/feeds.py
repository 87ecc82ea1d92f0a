"""RSS and Atom with the full text of the newest posts.

Both are built as trees, so they are well formed whatever a title holds. A members-only post gives its summary.
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from pressroom.features.site.generator.addresses import post_path
from pressroom.features.site.generator.links import absolute
from pressroom.features.site.generator.model import PostBody, PostCard, SiteInfo
from pressroom.features.site.generator.moments import timestamp
from pressroom.features.site.generator.templates import NOT_TEXT

TAG = re.compile(r"<[^>]*>")
LINK = re.compile(r'(\s(?:href|src|poster|cite)=")([^"]*)"')
ANCHOR = re.compile(r'<a class="heading-anchor"[^>]*>[^<]*</a>')
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
Entry = tuple[PostCard, PostBody]


def rss(site: SiteInfo, entries: list[Entry]) -> bytes:
    """RSS 2.0 with `content:encoded`."""
    names = {"xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/"}
    content = {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}
    root = Element("rss", {"version": "2.0", **names, **content})
    channel = SubElement(root, "channel")
    _add(channel, "title", site.title)
    _add(channel, "link", f"{site.base_url}/")
    _add(channel, "description", site.description)
    _add(channel, "language", site.language)
    _add(channel, "lastBuildDate", format_datetime(_latest(entries), usegmt=True))
    SubElement(channel, "atom:link", _self(f"{site.base_url}/rss.xml", "application/rss+xml"))
    for card, body in entries:
        _rss_item(channel, site, card, body)
    return _document(root)


def _rss_item(channel: Element, site: SiteInfo, card: PostCard, body: PostBody) -> None:
    item = SubElement(channel, "item")
    _add(item, "title", card.title)
    _add(item, "link", site.base_url + post_path(card.slug))
    _add(item, "guid", card.id.urn).set("isPermaLink", "false")
    _add(item, "pubDate", format_datetime(card.published_at, usegmt=True))
    _add(item, "dc:creator", card.author.name)
    for tag in card.tags:
        _add(item, "category", tag.name)
    _add(item, "description", card.summary)
    _add(item, "content:encoded", readable(site, card, body))


def atom(site: SiteInfo, entries: list[Entry]) -> bytes:
    """Atom 1.0; a post keeps its id when its address changes."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": site.language})
    _add(root, "title", site.title)
    _add(root, "subtitle", site.description)
    _add(root, "id", f"{site.base_url}/")
    _add(root, "updated", timestamp(_latest(entries)))
    SubElement(root, "link", _self(f"{site.base_url}/atom.xml", "application/atom+xml"))
    SubElement(root, "link", {"href": f"{site.base_url}/", "rel": "alternate", "type": "text/html"})
    for card, body in entries:
        _atom_entry(root, site, card, body)
    return _document(root)


def _atom_entry(root: Element, site: SiteInfo, card: PostCard, body: PostBody) -> None:
    entry = SubElement(root, "entry", {"xml:lang": card.lang})
    _add(entry, "title", card.title)
    _add(entry, "id", card.id.urn)
    _add(entry, "published", timestamp(card.published_at))
    _add(entry, "updated", timestamp(card.updated_at))
    _add(SubElement(entry, "author"), "name", card.author.name)
    address = site.base_url + post_path(card.slug)
    SubElement(entry, "link", {"href": address, "rel": "alternate", "type": "text/html"})
    for tag in card.tags:
        SubElement(entry, "category", {"term": _text(tag.slug), "label": _text(tag.name)})
    _add(entry, "summary", card.summary)
    _add(entry, "content", readable(site, card, body)).set("type", "html")


def readable(site: SiteInfo, card: PostCard, body: PostBody) -> str:
    """What a feed reader shows: the body with absolute addresses, or the summary of a members-only post."""
    if card.visibility == "members":
        return f"<p>{escape(card.summary)}</p>"
    address = site.base_url + post_path(card.slug)
    html = ANCHOR.sub("", body.html)

    def with_addresses(tag: re.Match[str]) -> str:
        return LINK.sub(lambda found: f'{found[1]}{_absolute(site.base_url, address, link=found[2])}"', tag[0])

    return TAG.sub(with_addresses, html)


def _absolute(base_url: str, address: str, *, link: str) -> str:
    if link.startswith("#"):
        return address + link
    if link.startswith("/") and not link.startswith("//"):
        return base_url + link
    return absolute(address, link)


def _add(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = _text(text)
    return child


def _text(text: str) -> str:
    return NOT_TEXT.sub("", text)


def _self(address: str, kind: str) -> dict[str, str]:
    return {"href": address, "rel": "self", "type": kind}


def _latest(entries: list[Entry]) -> datetime:
    return max((card.updated_at for card, _ in entries), default=NEVER)


def _document(root: Element) -> bytes:
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="unicode").encode()
