from typing import Any

import pytest

from pressroom.features.posts.importing.mapping import Mapped, map_front
from pressroom.kernel.text.frontmatter import split


def mapped(front: str, body: str = "Words.\n", path: str = "a-post.md") -> Mapped:
    document = split(f"---\n{front}\n---\n{body}")
    return map_front(document.front, document.body, path)


def test_the_default_contract_is_taken_as_it_is() -> None:
    found = mapped(
        "title: A\npublished: 2024-02-03\ndescription: About\ntags: [x, y]\nfirst_level_category: Tech\n"
        "second_level_category: Code\nauthor: Ada\ndraft: true\ncover: /c.png\nsourceLink: https://a.org\n"
        "licenseName: CC\nlicenseUrl: https://b.org\nreadingMetadata: {time: 1, wordCount: 2}"
    )
    assert found.flat == {
        "title": "A",
        "published": "2024-02-03T00:00:00+00:00",
        "description": "About",
        "tags": ["x", "y"],
        "first_level_category": "Tech",
        "second_level_category": "Code",
        "author": "Ada",
        "cover": "/c.png",
        "sourceLink": "https://a.org",
        "licenseName": "CC",
        "licenseUrl": "https://b.org",
        "content": "Words.\n",
        "frontmatter": {},
    }
    assert (found.draft, found.notes) == (True, [])


@pytest.mark.parametrize(
    ("front", "field", "value"),
    [
        ("date: 2024-02-03", "published", "2024-02-03T00:00:00+00:00"),
        ("pubDate: '2024/2/3'", "published", "2024-02-03T00:00:00+00:00"),
        ("date: 2024-02-03 10:00:00 +0800", "published", "2024-02-03T02:00:00+00:00"),
        ("date: 2024-02-03T10:00:00+08:00", "published", "2024-02-03T02:00:00+00:00"),
        ("summary: Short", "description", "Short"),
        ("excerpt: |\n  Two\n  lines", "description", "Two lines"),
        ("tags: a, b , a", "tags", ["a", "b"]),
        ("keywords: [1, two]", "tags", ["1", "two"]),
        ("categories: [Tech, Code]", "second_level_category", "Code"),
        ("categories:\n  - [Tech, Code]\n  - [Life]", "first_level_category", "Tech"),
        ("category: Tech/Code", "second_level_category", "Code"),
        ("author: {name: Ada, url: /ada}", "author", "Ada"),
        ("authors: [{name: Ada}, {name: Bob}]", "author", "Ada, Bob"),
        ("heroImage: {src: /h.png, alt: x}", "cover", "/h.png"),
        ("permalink: /blog/2024/my-post/", "slug", "my-post"),
        ("slug: My Post!", "slug", "my-post"),
        ("slug: 你好", "slug", "你好"),
        ("title: 2024", "title", "2024"),
    ],
)
def test_other_generators_names_are_understood(front: str, field: str, value: Any) -> None:
    assert mapped(front).flat[field] == value


@pytest.mark.parametrize("front", ["draft: true", "published: false", "status: draft", "draft: 'true'"])
def test_every_way_to_say_draft_is_understood(front: str) -> None:
    found = mapped(f"title: A\ndate: 2024-02-03\n{front}")
    assert found.draft
    assert found.flat["frontmatter"] == {}


def test_unknown_keys_are_kept_and_dates_in_them_become_text() -> None:
    found = mapped("title: A\ndate: 2024-02-03\nlayout: post\nseries: {part: 2, since: 2020-01-01}\nlang: fr")
    kept = {"layout": "post", "series": {"part": 2, "since": "2020-01-01"}, "lang": "fr"}
    assert found.flat["frontmatter"] == kept


def test_a_file_without_front_matter_has_its_headings_title_and_its_names_date() -> None:
    found = map_front({}, "Intro\n\n# The Title #\n\nWords.", "_posts/2024-02-03-some-words.md")
    assert (found.flat["title"], found.flat["published"], found.name, found.draft) == (
        "The Title",
        "2024-02-03",
        "some-words",
        False,
    )
    bare = map_front({}, "Words.", "notes/my note.md")
    assert (bare.flat["title"], bare.draft) == ("my note", True)
    assert bare.notes == ["it has no title; its name was taken", "it has no date, so it is a draft"]
    assert map_front({}, "x", "guide/index.md").name == "guide"


def test_what_cannot_be_used_is_said() -> None:
    found = mapped("title: A\ndate: soon\ntags: {a: 1}\ncategories: [a, b, c]")
    assert found.notes == [
        "`date` cannot be used as it is",
        "`tags` cannot be used as it is",
        "more categories than two: c left out",
        "it has no date, so it is a draft",
    ]
    assert found.flat["frontmatter"] == {"date": "soon"}


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# Hello\n\nWords.\n", "Hello"),
        ("Words.\n\n#  Hello  ##\n", "Hello"),
        ("```sh\n# a comment\n```\n\n# Hello\n", "Hello"),
        ("~~~\n```\n# a comment\n~~~\n# Hello\n", "Hello"),
        ("```\n# a comment\n", "a-post"),
        ("#hashtag\n", "a-post"),
        (f"#{' ' * 100_000}\n", "a-post"),
    ],
)
def test_without_a_title_the_first_heading_is_it(body: str, title: str) -> None:
    assert mapped("date: 2024-01-01", body).flat["title"] == title


def test_nothing_is_no_tag() -> None:
    assert mapped("tags: [a, null, '', b]").flat["tags"] == ["a", "b"]
