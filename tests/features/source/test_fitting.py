"""A post as we keep it, written in the shapes that a site asks for."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pressroom.features.posts.words import Words
from pressroom.features.source.checking import Check, plan
from pressroom.features.source.faithful import read
from pressroom.features.source.fields import Wanted
from pressroom.features.source.naming import names_in, pointer_in_body
from pressroom.features.source.schema import Field, Form, Kind, Origin

NOWHERE = Path("/nowhere")
TEXT = Field("", Kind.string)
PICTURE = (Field("src", Kind.image), Field("alt", Kind.string))
COUNTED = {"time": 1, "wordCount": 2}
WORDS = Words(
    title="Hello",
    slug="hello",
    content="Words.\n",
    published=datetime(2024, 5, 6, tzinfo=UTC),
    tags=("a", "b"),
    first_category="Notes",
    second_category="Guides",
    author="Ada",
    cover="https://example.com/a.png",
)


def form(*fields: Field) -> Form:
    return Form(fields, Origin.schema)


def written(asked: Form, base: str = "", words: Words = WORDS) -> tuple[dict[str, Any], list[str]]:
    """The front matter that is written for these words, and what is refused in it."""
    wanted = Wanted(words=words, draft=False, slug="hello", names=asked.names, form=asked, counted=COUNTED)
    made = plan(base.encode(), "hello.md", wanted, Check(asked, NOWHERE, NOWHERE))
    return dict(read(made.content).values), [each.field for each in made.problems]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field("pubDate", Kind.date), date(2024, 5, 6)),
        (Field("date", Kind.string), "2024-05-06"),
        (Field("keywords", Kind.string), "a, b"),
        (Field("authors", Kind.list, item=TEXT), ["Ada"]),
        (Field("author", Kind.object, fields=(Field("name", Kind.string),)), {"name": "Ada"}),
        (Field("category", Kind.string), "Notes/Guides"),
        (Field("categories", Kind.list, item=TEXT), ["Notes", "Guides"]),
        (Field("heroImage", Kind.image), "https://example.com/a.png"),
        (
            Field("image", Kind.object, fields=(Field("src", Kind.image), Field("alt", Kind.string))),
            {"src": WORDS.cover},
        ),
        (Field("draft", Kind.boolean, required=True), False),
        (
            Field("readingMetadata", Kind.object, required=True, fields=(Field("time", Kind.number),)),
            {"time": 1, "wordCount": 2},
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Field) else "",
)
def test_a_new_file_has_the_sites_key_and_its_shape(field: Field, value: object) -> None:
    front, refused = written(form(Field("title", Kind.string, required=True), field))
    assert (front[field.name], refused) == (value, [])


def test_what_a_site_requires_and_a_post_has_none_of_is_an_empty_list_or_missing() -> None:
    asked = form(Field("tags", Kind.list, required=True, item=TEXT), Field("author", Kind.string, required=True))
    assert written(asked, words=Words(title="A", slug="hello")) == ({"title": "A", "tags": []}, ["/author"])


def test_what_the_file_only_means_is_said_when_the_site_requires_it() -> None:
    asked = form(Field("title", Kind.string, required=True), Field("date", Kind.date, required=True))
    words = Words(title="A heading", slug="hello", content="# A heading\n", published=datetime(2024, 5, 6, tzinfo=UTC))
    assert written(asked, "# A heading\n", words) == ({"title": "A heading", "date": date(2024, 5, 6)}, [])


def test_what_could_not_be_read_is_left_for_a_person() -> None:
    asked = form(Field("title", Kind.string), Field("tags", Kind.list, item=TEXT))
    front, refused = written(asked, "---\ntitle: Before\ntags: {a: b}\n---\n", Words(title="Hello", slug="hello"))
    assert (front, refused) == ({"title": "Hello", "tags": {"a": "b"}}, ["/tags"])


def test_a_date_that_a_site_takes_as_text_stays_text_where_it_is_one() -> None:
    asked = form(Field("title", Kind.string), Field("when", Kind.date, takes_text=True))
    words = Words(title="Hello", slug="hello", frontmatter={"when": "2024-05-06"})
    assert written(asked, "---\ntitle: Hello\nwhen: '2024-01-01'\n---\n", words)[0]["when"] == "2024-05-06"
    assert written(asked, "---\ntitle: Hello\n---\n", words)[0]["when"] == date(2024, 5, 6)


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        ("/pubDate", "/published"),
        ("/keywords/1", "/tags/1"),
        ("/authors/0", "/author"),
        ("/image/src", "/cover"),
        ("/categories/0", "/first_level_category"),
        ("/categories/1", "/second_level_category"),
        ("/a~1b/c", "/frontmatter/a~1b/c"),
        ("/updated", "/frontmatter/updated"),
    ],
)
def test_a_problem_points_to_our_field(field: str, pointer: str) -> None:
    keys = ("pubDate", "keywords", "authors", "image", "categories", "a/b", "updated")
    names = names_in(form(*(Field(key, Kind.any) for key in keys)))
    assert pointer_in_body(field, names) == pointer


def test_both_levels_come_before_a_list_of_categories() -> None:
    names = names_in(form(*(Field(key, Kind.string) for key in ("categories", "first_level_category"))))
    assert names == {"first_level_category": "first_level_category"}


@pytest.mark.parametrize(
    ("picture", "is_missing"),
    [
        ("./a.png", False),
        ("a.png", False),
        ("./a.png?w=1", False),
        ("../posts/a.png", False),
        ("/public.png", False),
        ("/src/posts/a.png", False),
        ("./b.png", True),
        ("b.png", True),
        (f"./{'b' * 300}.png", True),
        ("/b.png", True),
        ("../../../../b.png", False),
        ("https://example.com/b.png", False),
        ("//example.com/b.png", False),
        ("data:image/png;base64,AAAA", False),
        ("@/assets/b.png", False),
        ("~/b.png", False),
    ],
)
def test_a_picture_is_looked_for_where_the_site_looks(tmp_path: Path, picture: str, *, is_missing: bool) -> None:
    posts = tmp_path / "src" / "posts"
    posts.mkdir(parents=True)
    (tmp_path / "public").mkdir()
    for path in (posts / "a.png", tmp_path / "public" / "public.png"):
        path.write_bytes(b"png")
    nested = Field("hero", Kind.object, fields=(Field("src", Kind.image),))
    check = Check(form(Field("cover", Kind.image), nested), tmp_path, posts)
    assert bool(check.problems({"cover": picture}, "hello.md")) is is_missing
    assert [each.field for each in check.problems({"hero": {"src": "./b.png"}}, "hello.md")] == [
        "/frontmatter/hero/src"
    ]
