from datetime import UTC, date, datetime

import pytest

from pressroom.features.posts.states import Visibility
from pressroom.features.source.faithful import read
from pressroom.features.source.fields import Wanted, words_in, written

PATH = "hello.md"
ASTRO = """\
---
title: 'Hello'   # the first
published: 2024-02-03
tags: [Python, web]
first_level_category: Notes
mood: calm
---

Words.
"""
HEXO = """\
---
title: Hello
date: 2024-02-03 10:00:00
tags: "Python, web"
categories:
  - [Notes, Guides]
cover: {src: a.png, alt: A}
permalink: /2024/hello/
---
Words.
"""


def edited(source: str, *, draft: bool = False, **changes: object) -> str:
    document = read(source.encode())
    words = words_in(document, PATH).changed({"slug": "hello", **changes})
    return written(document, PATH, Wanted(words=words, draft=draft, slug="hello")).decode()


@pytest.mark.parametrize("source", [ASTRO, HEXO])
def test_the_same_words_change_no_byte(source: str) -> None:
    assert edited(source) == source


@pytest.mark.parametrize(
    ("source", "changes", "before", "after"),
    [
        (ASTRO, {"title": "Bye"}, "'Hello'", "'Bye'"),
        (ASTRO, {"tags": ("python", "web", "new")}, "[Python, web]", "[Python, web, new]"),
        (ASTRO, {"first_category": None}, "first_level_category: Notes\n", ""),
        (ASTRO, {"published": datetime(2024, 2, 4, tzinfo=UTC)}, "2024-02-03", "2024-02-04"),
        (ASTRO, {"content": "\nOther.\n"}, "\nWords.", "\nOther."),
        (ASTRO, {"frontmatter": {"mood": "gay"}}, "mood: calm", "mood: gay"),
        (ASTRO, {"frontmatter": {}}, "mood: calm\n", ""),
        (ASTRO, {"visibility": Visibility.members}, "mood: calm\n", "mood: calm\nvisibility: members\n"),
        (ASTRO, {"draft": True}, "Notes\n", "Notes\ndraft: true\n"),
        (HEXO, {"second_category": "Letters"}, "Guides", "Letters"),
        (HEXO, {"cover": "b.png"}, "src: a.png", "src: b.png"),
        (HEXO, {"slug": "bye"}, "/2024/hello/", "/2024/bye/"),
        (HEXO, {"tags": ("web",)}, '"Python, web"', '"web"'),
    ],
)
def test_one_change_is_written_where_the_file_says_it(
    source: str, changes: dict[str, object], before: str, after: str
) -> None:
    assert edited(source, **changes) == source.replace(before, after)  # type: ignore[arg-type]  # `draft` among them


def test_jekyll_says_in_its_own_way_that_a_post_is_out() -> None:
    source = "---\ntitle: Hello\ndate: 2024-02-03\npublished: false\n---\nWords.\n"
    assert edited(source) == source.replace("published: false", "published: true")


def test_a_new_file_uses_the_names_of_its_neighbours() -> None:
    empty = read(b"")
    words = words_in(read(ASTRO.encode()), PATH).changed({"slug": "hello", "frontmatter": {}})
    names = ("title", "pubDate", "categories")
    made = written(empty, PATH, Wanted(words=words, draft=False, slug="hello", names=names))
    assert read(made).values == {
        "title": "Hello",
        "pubDate": date(2024, 2, 3),
        "tags": ["Python", "web"],
        "categories": ["Notes"],
    }
    assert read(made).body == "\nWords.\n"
