"""A site's form: its schema where it can be read, its posts where it cannot, the contract where there are none."""

import json
from datetime import date
from pathlib import Path

from pressroom.features.source.recognise import Generator, SourceSite
from pressroom.features.source.schema import DEFAULT_FORM, Kind, Origin, infer_form, validate
from pressroom.features.source.schema.reading import read_form

POSTS: list[dict[str, object]] = [
    {"title": f"Post {n}", "date": date(2024, 1, n), "tags": ["a"], "summary": "s" * 200, "draft": n == 1}
    for n in range(1, 7)
]


def site(root: Path) -> SourceSite:
    return SourceSite(Generator.astro, root, root / "posts", collection="posts", text_dates=frozenset({"when"}))


def write_schema(root: Path, text: str) -> None:
    folder = root / ".astro/collections"
    folder.mkdir(parents=True)
    (folder / "posts.schema.json").write_text(text)


def test_the_schema_comes_first_and_the_posts_are_not_even_read(tmp_path: Path) -> None:
    write_schema(tmp_path, json.dumps({"properties": {"when": {"type": "string", "format": "date"}}}))

    def posts() -> "list[dict[str, object]]":
        raise AssertionError

    form, note = read_form(site(tmp_path), (post for _ in range(1) for post in posts()))
    assert (form.origin, note) == (Origin.schema, None)
    assert form.fields[0].takes_text


def test_a_schema_that_cannot_be_read_is_said_and_the_posts_stand_in(tmp_path: Path) -> None:
    write_schema(tmp_path, "{")
    form, note = read_form(site(tmp_path), POSTS)
    assert form.origin is Origin.posts
    assert note is not None
    assert "posts.schema.json cannot be read" in note


def test_without_schema_and_posts_it_is_the_contract_and_what_would_help_is_said(tmp_path: Path) -> None:
    form, note = read_form(site(tmp_path), [])
    assert form == DEFAULT_FORM
    assert note is not None
    assert "`astro sync`" in note
    assert read_form(SourceSite(Generator.folder, tmp_path, tmp_path), []) == (DEFAULT_FORM, None)


def test_posts_tell_their_fields_kinds() -> None:
    form = infer_form(POSTS, strict=False)
    assert form is not None
    assert {field.name: field.kind for field in form.fields} == {
        "title": Kind.string,
        "date": Kind.date,
        "tags": Kind.list,
        "summary": Kind.text,
        "draft": Kind.boolean,
    }
    assert [field.name for field in form.fields if field.required] == ["title"]


def test_a_strict_site_requires_what_all_of_its_posts_have() -> None:
    form = infer_form([*POSTS, POSTS[0] | {"rare": 1}], strict=True)
    assert form is not None
    assert {field.name for field in form.fields if not field.required} == {"rare"}
    few = infer_form(POSTS[:2], strict=True)
    assert few is not None
    assert [field.name for field in few.fields if field.required] == ["title"]


def test_few_posts_confirm_only_what_the_contract_asks() -> None:
    form = infer_form([{"title": "A", "published": date(2024, 1, 1), "mood": "calm"}], strict=True)
    assert form is not None
    assert [field.name for field in form.fields if field.required] == ["title", "published"]


def test_what_the_posts_hold_passes_the_form_made_of_them() -> None:
    odd: list[dict[str, object]] = [
        {"title": "a", "when": "May 2024", "n": 1, "mixed": 3, "o": {"k": 1}, "none": None},
        {"title": "b", "when": date(2024, 1, 1), "n": 2.5, "mixed": "x", "o": {}, "l": [1, "a"]},
    ]
    form = infer_form(odd, strict=True)
    assert form is not None
    assert [validate(front, form) for front in odd] == [[], []]
