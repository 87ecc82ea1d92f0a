"""What the site's build would refuse is named by its field before it reaches the folder."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pressroom.features.source.schema import DEFAULT_FORM, Field, Form, Kind, Origin, Problem, typed, validate
from pressroom.kernel.text.frontmatter import split

GOOD = {"title": "Hi", "published": date(2024, 1, 2), "first_level_category": "a", "second_level_category": "b"}


def one(kind: Kind, **more: Any) -> Form:
    return Form((Field("x", kind, **more),), Origin.schema)


def messages(value: object, kind: Kind, **more: Any) -> list[str]:
    return [problem.message for problem in validate({"x": value}, one(kind, **more))]


def front(yaml: str) -> dict[str, object]:
    return split(f"---\n{yaml}\n---\n").front


def test_a_post_that_keeps_the_contract_has_no_problems() -> None:
    whole = GOOD | {"tags": ["a"], "draft": False, "readingMetadata": {"time": 3, "wordCount": 512}}
    assert validate(whole, DEFAULT_FORM) == []


def test_every_missing_field_is_named_in_the_forms_order() -> None:
    assert [problem.field for problem in validate({}, DEFAULT_FORM)] == [
        "/title",
        "/published",
        "/first_level_category",
        "/second_level_category",
    ]


def test_keys_that_the_form_does_not_name_are_allowed() -> None:
    assert validate(GOOD | {"layout": "x", "whatever": None}, DEFAULT_FORM) == []


# From the measured facts: each of these reads as something that Astro's build refuses.
TRAPS = {
    'x: "2024-01-02"': "Write 2024-01-02 without quotes",
    "x: 2024-1-2": "write 2024-01-02",
    "x: 2024/01/02": "write 2024-01-02",
    'x: "2024-02-30"': "not in|not read|not a date",
    "x: 2024/02/30": "not in the calendar",
    "x: 2024-01-02T10:00:00+0800": r"\+08:00",
    "x:": "empty",
    "x: yesterday": "not a date",
    "x: 2024": "not a date",
    "x: [2024-01-02]": "not a date",
}


@pytest.mark.parametrize("yaml", TRAPS)
def test_what_only_looks_like_a_date_is_refused(yaml: str) -> None:
    (problem,) = validate(front(yaml), one(Kind.date))
    assert problem.field == "/x"
    assert any(part.strip("\\") in problem.message for part in TRAPS[yaml].replace("\\", "").split("|")), problem


@pytest.mark.parametrize("yaml", ["x: 2024-01-02", "x: 2024-01-02T10:00:00Z", "x: 2024-01-02 10:00:00 +08:00"])
def test_a_date_is_a_date(yaml: str) -> None:
    assert validate(front(yaml), one(Kind.date)) == []


@pytest.mark.parametrize("text", ["2024-01-02", "Jul 08 2022", "2024-01-02T10:00:00Z"])
def test_a_site_that_takes_dates_as_text_gets_them(text: str) -> None:
    assert messages(text, Kind.date, takes_text=True) == []
    assert messages("2024-02-30", Kind.date, takes_text=True) == ["“2024-02-30” is not in the calendar."]


@pytest.mark.parametrize(
    ("yaml", "kind"),
    [
        ("x: 2024", Kind.string),
        ("x: 2024-01-02", Kind.string),
        ("x: true", Kind.text),
        ("x: [a]", Kind.string),
        ("x: '3'", Kind.number),
        ("x: true", Kind.number),
        ("x: yes", Kind.boolean),
        ("x: 1", Kind.boolean),
        ("x: news", Kind.list),
        ("x: 3", Kind.object),
    ],
)
def test_a_value_of_another_kind_is_refused(yaml: str, kind: Kind) -> None:
    assert len(messages(front(yaml)["x"], kind)) == 1


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.any])
def test_an_empty_value_is_not_a_missing_one(kind: Kind) -> None:
    assert messages(None, kind) == ["This is empty; give it a value or remove the key."]
    assert messages(None, kind, nullable=True) == []


def test_bounds_are_kept() -> None:
    assert messages(0, Kind.number, above=0) == ["This must be more than 0."]
    assert messages(6, Kind.number, maximum=5) == ["This must be at most 5."]
    assert messages(1.5, Kind.number, is_whole=True) == ["1.5 is not a whole number."]
    assert messages("", Kind.string, minimum=1) == ["Write something."]
    assert messages("abc", Kind.string, maximum=2) == ["This may have at most 2 characters; it has 3."]
    assert messages(10**400, Kind.number) != []


# What `new URL()` takes, as Astro 5 showed.
@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("https://example.com/a b", True),
        ("foo:", True),
        ("mailto:a@b", True),
        ("/posts/a", False),
        ("example.com", False),
        ("http://", False),
        ("https://a b", False),
    ],
)
def test_an_address_is_a_whole_one(text: str, *, passes: bool) -> None:
    assert (messages(text, Kind.string, is_address=True) == []) is passes


def test_only_the_listed_values_pass_and_one_is_not_true() -> None:
    assert messages("easy", Kind.enum, values=("easy", "hard")) == []
    assert messages("mild", Kind.enum, values=("easy", "hard")) == ["“mild” is none of easy, hard."]
    assert len(messages(True, Kind.enum, values=(1, 2))) == 1


def test_a_problem_inside_points_inside() -> None:
    values = GOOD | {"tags": ["a", 3], "readingMetadata": {"time": "long", "a/b": 1}}
    assert [problem.field for problem in validate(values, DEFAULT_FORM)] == ["/tags/1", "/readingMetadata/time"]
    slashed = Form((Field("a/b~c", Kind.string, required=True),), Origin.schema)
    assert validate({}, slashed) == [Problem("/a~1b~0c", "“a/b~c” is missing.")]


def test_values_from_json_become_what_the_file_should_hold() -> None:
    sent = GOOD | {"published": "2024-01-02", "description": None, "cover": "", "author": "", "extra": None}
    assert typed(sent, DEFAULT_FORM) == GOOD | {"author": "", "extra": None}


def test_a_time_from_json_is_a_time_and_nonsense_stays_for_the_writer_to_see() -> None:
    assert typed({"published": "2024-01-02T03:04:05Z"}, DEFAULT_FORM) == {
        "published": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    }
    nonsense = typed(GOOD | {"published": "2024-02-30"}, DEFAULT_FORM)
    assert [problem.field for problem in validate(nonsense, DEFAULT_FORM)] == ["/published"]
