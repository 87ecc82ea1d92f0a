"""What feed readers and search engines are given."""

import json
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from pressroom.features.site.generator.searching import plain
from pressroom.kernel.text.markdown import render

Library = Any
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ODD = "]]> <b>&amp;\x0b\x00 \ufffe 🖋"


def tree(document: bytes) -> Element:
    return fromstring(document)  # noqa: S314  a document of our own making


def test_feeds_carry_the_newest_twenty_in_full(library: Library) -> None:
    files = library.build(*(library.card(number) for number in range(30)))
    items = tree(files["rss.xml"]).findall("channel/item")
    entries = tree(files["atom.xml"]).findall(f"{ATOM}entry")
    assert [item.findtext("title") for item in items] == [f"Post {number}" for number in range(29, 9, -1)]
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == [item.findtext("title") for item in items]
    assert "Words of post 29" in str(items[0].findtext(CONTENT))
    assert "Words of post 29" in str(entries[0].findtext(f"{ATOM}content"))


def test_feeds_are_well_formed_whatever_posts_hold(library: Library) -> None:
    card = library.card(1, title=ODD, summary=ODD, html=f"<p>{ODD}</p>")
    files = library.build(card)
    assert tree(files["rss.xml"]).findtext("channel/item/title") == "]]> <b>&amp;  🖋"
    assert tree(files["atom.xml"]).findtext(f"{ATOM}entry/{ATOM}title") == "]]> <b>&amp;  🖋"


def test_links_in_feeds_are_absolute_and_anchors_of_headings_are_left_out(library: Library) -> None:
    html = (
        '<h2 id="a">A</h2><a class="heading-anchor" href="#a">#</a><a href="#fn:1">1</a><img src="/media/a.png">'
        '<a href="other/">o</a><a href="https://else.example/">e</a><a href="//[">x</a>'
    )
    content = str(tree(library.build(library.card(1, html=html))["rss.xml"]).findtext(f"channel/item/{CONTENT}"))
    assert 'href="https://example.org/posts/post-1/#fn:1"' in content
    assert 'src="https://example.org/media/a.png"' in content
    assert 'href="https://example.org/posts/post-1/other/"' in content
    assert 'href="https://else.example/"' in content
    assert "heading-anchor" not in content


def test_feeds_leave_the_words_of_code_alone(library: Library) -> None:
    html = render('`<a href="/about">` says ` href="/x"`, [about](/about "a > b")').html
    files = library.build(library.card(1, html=html))
    for content in (
        str(tree(files["rss.xml"]).findtext(f"channel/item/{CONTENT}")),
        str(tree(files["atom.xml"]).findtext(f"{ATOM}entry/{ATOM}content")),
    ):
        assert '<code>&lt;a href="/about"&gt;</code> says <code> href="/x"</code>' in content
        assert '<a href="https://example.org/about"' in content


def test_a_post_keeps_its_id_in_feeds_when_its_address_changes(library: Library) -> None:
    ids = {
        tree(library.build(library.card(1, slug=slug))["atom.xml"]).findtext(f"{ATOM}entry/{ATOM}id")
        for slug in ("one", "two")
    }
    assert len(ids) == 1


def test_the_sitemap_names_every_page_once(library: Library) -> None:
    files = library.build(*(library.card(number, old_slugs=(f"old-{number}",)) for number in range(501)))
    index = [node.text for node in tree(files["sitemap.xml"]).iter(f"{SITEMAP}loc")]
    assert index == [f"https://example.org/sitemaps/{name}.xml" for name in ("pages", "posts-1", "posts-2")]
    found = [
        str(node.text)
        for name in index
        for node in tree(files[str(name).removeprefix("https://example.org/")]).iter(f"{SITEMAP}loc")
    ]
    assert len(found) == len(set(found))
    assert sum("/posts/" in address for address in found) == 501
    assert {"https://example.org/", "https://example.org/tags/type/"} <= set(found)


def test_the_search_index_holds_every_public_word(library: Library) -> None:
    cards = [library.card(number) for number in range(80)]
    files = library.build(*cards, library.card(90, visibility="members", html="<p>hidden</p>"))
    manifest = json.loads(files["search/index.json"])
    chunks = [json.loads(files[path.lstrip("/")]) for path in manifest["chunks"]]
    posts = [post for chunk in chunks for post in chunk]
    assert manifest["posts"] == len(posts) == 81
    assert [post["title"] for post in posts] == ["Post 90", *(f"Post {number}" for number in range(79, -1, -1))]
    assert posts[0]["text"] == ""
    assert posts[1]["text"] == "Words of post 79, all posts."


def test_the_searchable_text_is_what_one_reads() -> None:
    html = (
        '<div class="heading"><h2 id="a">A &amp; B</h2><a class="heading-anchor" href="#a">#</a></div>'
        '<p>One<sup class="footnote-ref"><a href="#fn:1">1</a></sup> w<em>or</em>d</p><ul><li>x</li><li>y</li></ul>'
    )
    assert plain(html) == "A & B One word x y"
