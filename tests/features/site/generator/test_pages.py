"""What a reader finds at each address."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest

from pressroom.features.site.generator import Cover, Heading, PostBody, PostCard, Press, SiteInfo, Term

Library = Any
HOSTILE = "</title></script><script>alert(1)</script>\"'>&amp; \u202eרבע 🖋 ]]> \x00\x08\ufffe{{ 7 * 7 }}"
MEMBERS_WORDS = "the words that members pay for"


class Page(HTMLParser):
    """The links, ids and tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.tags.append((tag, facts))
        self.links |= {link for name in ("href", "src", "action") if (link := facts.get(name))}

    def has(self, tag: str, **facts: str) -> bool:
        return any(tag == name and facts.items() <= found.items() for name, found in self.tags)


def varied(library: Library, number: int) -> PostCard:
    facts: list[dict[str, Any]] = [
        {"title": HOSTILE, "tags": (Term(HOSTILE, "odd-&-ends"),)},
        {"lang": "zh", "title": "你好，世界", "slug": f"你好/{number}"},
        {"lang": "ar", "title": "نص عربي"},
        {"visibility": "members"},
        {"tags": (), "first_category": None, "second_category": None, "summary": ""},
        {"old_slugs": (f"old-{number}", f"older/{number}"), "second_category": None},
        {"cover": Cover("/favicon.svg", 'A "cover"', 1200, 630), "minutes": 9},
    ]
    card: PostCard = library.card(number, **facts[number % len(facts)])
    return card


def target(link: str) -> str:
    path = unquote(link).split("?")[0].split("#")[0].lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def test_no_link_of_a_whole_site_leads_nowhere(library: Library) -> None:
    files = library.build(*(varied(library, number) for number in range(60)))
    pages = {path: Page(data.decode()) for path, data in files.items() if path.endswith(".html")}
    dead = {
        (path, link)
        for path, page in pages.items()
        for link in page.links
        if link.startswith("/") and target(link) not in files
    }
    assert dead == set()
    listed = {link for path, page in pages.items() if path.startswith(("page/", "index")) for link in page.links}
    posts = {f"/{path.removesuffix('index.html')}" for path in files if path.startswith("posts/")}
    assert {unquote(link) for link in listed if link.startswith("/posts/")} == {
        path for path in posts if "/old" not in path
    }


def test_the_addresses_are_those_of_the_contract(library: Library) -> None:
    files = library.build(*(library.card(number) for number in range(24)))
    expected = "index page/2/index posts/post-1/index tags/index tags/type/index tags/type/page/2/index"
    expected += " categories/index categories/essays/index categories/essays/on-type/index archive/index search/index"
    assert {f"{name}.html" for name in expected.split()} <= files.keys()
    others = {"rss.xml", "atom.xml", "sitemap.xml", "robots.txt", "404.html", "favicon.svg", "favicon.ico"}
    assert others | {"redirects.json", "search/index.json", "archive/2026/index.html"} <= files.keys()
    assert b"Sitemap: https://example.org/sitemap.xml" in files["robots.txt"]


def test_an_empty_site_is_a_site(library: Library) -> None:
    files = library.build()
    assert "Nothing is published here yet." in files["index.html"].decode()
    assert json.loads(files["search/index.json"]) == {"posts": 0, "chunks": []}
    assert {"rss.xml", "archive/index.html", "tags/index.html", "categories/index.html", "404.html"} <= files.keys()


def test_hostile_words_stay_words_on_every_page(library: Library) -> None:
    odd = Term(HOSTILE, "odd-&-ends")
    facts = {"title": HOSTILE, "summary": HOSTILE, "tags": (odd,), "first_category": odd, "second_category": odd}
    card = library.card(1, cover=Cover('/x" onerror="alert(1)', HOSTILE), old_slugs=("o'ld",), **facts)
    for path, data in library.build(card, library.card(2)).items():
        page = data.decode(errors="replace")
        if path.endswith((".html", ".xml")):
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", page), path
            assert "alert(1)</script>" not in page, path
        if path.endswith(".html"):
            assert not any(name.startswith("on") for _, facts in Page(page).tags for name in facts), path


def test_pages_need_no_inline_style_or_script(library: Library) -> None:
    files = library.build(*(varied(library, number) for number in range(14)))
    for path, data in files.items():
        if path.endswith(".html"):
            page = Page(data.decode())
            assert not any("style" in facts or tag == "style" for tag, facts in page.tags), path
            scripts = [facts for tag, facts in page.tags if tag == "script"]
            assert all("src" in facts or facts.get("type") == "application/ld+json" for facts in scripts), path
            assert not any(link.startswith(("//", "http:")) for link in page.links), path


def test_structured_data_cannot_be_broken_out_of(library: Library) -> None:
    html = library.page("posts/post-1/index.html", library.card(1, title=HOSTILE))
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(data) == 1
    article = json.loads(data[0])
    assert article["headline"] == HOSTILE
    assert article["author"]["url"] == "https://example.org/authors/lin/"


def test_a_post_says_what_it_is(library: Library) -> None:
    card = library.card(5, lang="zh", title="标题", minutes=7, cover=Cover("/c.jpg", "alt", 1200, 630))
    library.bodies[card.id] = PostBody(
        card.id, "<h2 id='a'>A</h2>", tuple(Heading(2, name, name) for name in ("a", "b", "c"))
    )
    html = library.page("posts/post-5/index.html", library.card(4), card, library.card(6))
    page = Page(html)
    address = "https://example.org/posts/post-5/"
    assert page.has("link", rel="canonical", href=address)
    assert page.has("meta", property="og:image", content="https://example.org/c.jpg")
    assert page.has("h1", lang="zh")
    assert page.has("div", lang="zh", dir="ltr")
    assert page.has("img", src="/c.jpg", width="1200", height="630")
    assert page.has("time", datetime="2026-03-06T12:00:00+00:00")
    assert page.has("details", **{"class": "contents"})
    assert {"/posts/post-4/", "/posts/post-6/", "#a", "/atom.xml", "/rss.xml", "/tags/ink-paper/"} <= page.links
    assert "7 min read" in html
    assert "6 March 2026" in html


def test_a_short_post_has_no_contents_and_no_progress(library: Library) -> None:
    html = library.page("posts/post-1/index.html", library.card(1, minutes=2))
    assert 'class="contents"' not in html
    assert 'class="progress"' not in html


def test_an_arabic_post_runs_from_right_to_left(library: Library) -> None:
    assert Page(library.page("posts/post-1/index.html", library.card(1, lang="ar"))).has("div", lang="ar", dir="rtl")


def test_members_words_are_in_no_file(library: Library) -> None:
    card = library.card(1, visibility="members", summary="Only this.", html=f"<p>{MEMBERS_WORDS}</p>")
    files = library.build(card, library.card(2))
    assert not [path for path, data in files.items() if MEMBERS_WORDS.encode() in data]
    assert "The rest of this post is for members." in files["posts/post-1/index.html"].decode()
    assert all("Only this." in files[path].decode() for path in ("index.html", "rss.xml", "atom.xml"))


def test_an_old_address_leads_to_the_post(library: Library) -> None:
    files = library.build(library.card(1, old_slugs=("before", "post-2")), library.card(2))
    page = Page(files["posts/before/index.html"].decode())
    assert page.has("meta", content="0; url=/posts/post-1/")
    assert page.has("link", rel="canonical", href="https://example.org/posts/post-1/")
    assert page.has("meta", name="robots", content="noindex")
    assert json.loads(files["redirects.json"]) == {"/posts/before/": "/posts/post-1/"}
    assert "Words of post 2" in files["posts/post-2/index.html"].decode()


def test_a_preview_is_marked_and_shows_members_words_to_its_writer(library: Library) -> None:
    card = library.card(1, visibility="members", html=f"<p>{MEMBERS_WORDS}</p>")
    page = library.press.preview(card, library.bodies[card.id]).decode()
    assert "Draft preview." in page
    assert Page(page).has("meta", name="robots", content="noindex, nofollow")
    assert MEMBERS_WORDS in page
    assert "canonical" not in page


def test_a_large_archive_leads_to_its_years(library: Library) -> None:
    files = library.build(*(library.card(number) for number in range(110)))
    assert Page(files["archive/index.html"].decode()).links >= {"/archive/2026/"}
    assert "/posts/" not in files["archive/index.html"].decode()
    assert "archive/2026/page/2/index.html" in files


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "2026年3月2日"), ("de", "2 March 2026")])
def test_the_furniture_speaks_the_sites_language_or_english(
    site: SiteInfo, library: Library, language: str, words: str
) -> None:
    library.press = Press(replace(site, language=language))
    html = library.page("index.html", library.card(1))
    assert words in html
    assert f'<html lang="{language}" dir="ltr">' in html
    assert ("归档" in html) == language.startswith("zh")


def test_pages_stay_small(library: Library) -> None:
    words = "<p>" + "eight hundred words of an ordinary post " * 115 + "</p>"
    cards = [library.card(number, html=words, summary="A summary of usual length. " * 6) for number in range(40)]
    files = library.build(*cards)
    assets = {path: len(data) for path, data in files.items() if path.endswith((".css", ".js"))}
    css = sum(size for path, size in assets.items() if path.endswith(".css"))
    assert len(files["index.html"]) + css < 60_000
    assert len(files["posts/post-7/index.html"]) + sum(assets.values()) < 60_000
    assert sum(len(data) for path, data in files.items() if path.endswith(".woff2")) < 300_000


def test_machines_read_moments_in_whole_seconds(library: Library) -> None:
    when = datetime(2026, 3, 6, 12, 0, 1, 234567, tzinfo=UTC)
    files = library.build(library.card(1, published_at=when, updated_at=when, old_slugs=("old",)))
    told = {path for path, data in files.items() if b"2026-03-06T12:00:01+00:00" in data}
    assert {"index.html", "archive/index.html", "posts/post-1/index.html", "atom.xml", "sitemaps/posts-1.xml"} <= told
    assert [path for path, data in files.items() if b"234567" in data] == []


@pytest.mark.parametrize(
    ("html", "summary", "is_shown"),
    [
        ("<p>Words &amp; more, in <em>one</em> paragraph.</p>", "Words & more, in one paragraph.", False),
        ('<div class="heading"><h2 id="a">A part</h2></div><p>Words and more words.</p>', "Words and more…", False),
        ("<p>你好，世界。</p>", "你好，世界。", False),
        ("<p>Words of the text.</p>", "What it is about.", True),
        ("<p>Words</p>", "Words of somebody who wrote a summary.", True),
    ],
)
def test_a_summary_that_was_made_from_the_text_does_not_stand_above_it(
    library: Library, html: str, summary: str, *, is_shown: bool
) -> None:
    page = library.page("posts/post-1/index.html", library.card(1, html=html, summary=summary))
    assert ('class="standfirst"' in page) is is_shown
    assert 'name="description"' in page


def test_members_posts_show_their_summary(library: Library) -> None:
    facts = {"html": "<p>Words.</p>", "summary": "Words.", "visibility": "members"}
    assert 'class="standfirst"' in library.page("posts/post-1/index.html", library.card(1, **facts))
