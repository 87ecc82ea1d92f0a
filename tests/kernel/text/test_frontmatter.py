import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.kernel.text.errors import FrontMatterError, NotText
from pressroom.kernel.text.frontmatter import Document, join, split


def front(yaml: str) -> object:
    return split(f"---\nk: {yaml}\n---\n").front["k"]


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("---\na: 1\n---\nbody\n", Document({"a": 1}, "body\n", "yaml")),
        ("\ufeff---\r\na: 你好\r\n---\r\n\r\nbody\r\n", Document({"a": "你好"}, "\r\nbody\r\n", "yaml")),
        ("\n \n---\na: 1\n---\nbody", Document({"a": 1}, "body", "yaml")),
        ("---\na: 1\n--- tail\nbody", Document({"a": 1}, " tail\nbody", "yaml")),
        ("---\na: 1\n---", Document({"a": 1}, "", "yaml")),
        ("---\n---\nbody", Document({}, "body", "yaml")),
        ("---\n# only a comment\n---\nbody", Document({}, "body", "yaml")),
        ("+++\na = 1\n+++\nbody", Document({"a": 1}, "body", "toml")),
        ("No front matter\n---\nx\n---\n", Document({}, "No front matter\n---\nx\n---\n", None)),
        ("\ufeffJust text", Document({}, "Just text", None)),
        ("---\n\nA line across the page\n", Document({}, "---\n\nA line across the page\n", None)),
        ("", Document({}, "", None)),
    ],
)
def test_where_front_matter_ends(source: str, document: Document) -> None:
    assert split(source) == document


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("FALSE", False), ("tRUE", "tRUE"),
        ("0755", 755), ("08", 8), ("0o17", 15), ("0x1F", 31), ("-0x1F", -31), ("0b11", 3), ("0o8", "0o8"),
        ("1_000", "1_000"), ("12:30:45", "12:30:45"), ("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), ("+.5", "+.5"),
        ("+1", 1), ("~", None), ("Null", None), ("", None), ("=", "="), ("'1'", "1"), ("!!str 1", "1"),
        ('!!int "3"', 3), ("2024-01-02", date(2024, 1, 2)), ("2024-1-2", "2024-1-2"), ("2024/01/02", "2024/01/02"),
        ("2024-01-02T03:04:05", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02 03:04:05.5Z", datetime(2024, 1, 2, 3, 4, 5, 500_000, tzinfo=UTC)),
        ("2024-01-02 03:04:05+08:00", datetime(2024, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=8)))),
        ("2024-01-02 03:04:05 +0800", "2024-01-02 03:04:05 +0800"),
        ("12345678901234567890", 12345678901234567890.0), ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)  # fmt: skip
def test_values_are_what_the_sites_own_build_reads(yaml: str, value: object) -> None:
    assert front(yaml) == value
    assert type(front(yaml)) is type(value)


def test_keys_are_words_and_merges_give_way() -> None:
    source = "---\nbase: &b {x: 1, y: 2}\nmade: {<<: *b, y: 3}\n1: one\nnull: none\ntrue: yes\n---\n"
    made = {"base": {"x": 1, "y": 2}, "made": {"y": 3, "x": 1}, "1": "one", "null": "none", "true": "yes"}
    assert split(source).front == made


def test_toml_gives_the_same_kinds_of_values() -> None:
    source = "+++\nd = 2024-01-02\nt = 2024-01-02T03:04:05\nclock = 07:30:00\n[a]\nb = [1, 2.5, true]\n+++\n"
    assert split(source).front == {
        "d": date(2024, 1, 2),
        "t": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "clock": "07:30:00",
        "a": {"b": [1, 2.5, True]},
    }


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("---\na: 1\nb: 2\na: 3\n---\n", 4, 1, "“a” is given twice"),
        ('---\n1: a\n"1": b\n---\n', 3, 1, "“1” is given twice"),
        ("\n\n---\na: [1\n---\n", 5, 1, "Did not find expected"),
        ("---\na: b: c\n---\n", 2, 5, "Mapping values are not allowed"),
        ("---\n\ta: 1\n---\n", 2, 1, "cannot start any token"),
        ("---\n- a\n---\n", 2, 1, "title: Hello"),
        ("---\ntitle: x\nno end", 1, 1, "never closed"),
        ("---\nd: 2024-02-30\n---\n", 2, 4, "not in the calendar"),
        ("---\nk: !custom x\n---\n", 2, 4, "tag !custom is not known"),
        ("---\nk: !!python/object:os.system x\n---\n", 2, 4, "is not known"),
        ('---\nk: "\\0"\n---\n', 2, 4, "NUL"),
        ("---\nk: \x01\n---\n", 2, 4, "control character"),
        ("---\nk: .nan\n---\n", 2, 4, "cannot be kept"),
        ("---\nk: 1e999\n---\n", 2, 4, "cannot be kept"),
        ("---\nk: &a [*a]\n---\n", 2, 8, "stands before the end"),
        ("---\n? [a]\n: b\n---\n", 2, 3, "A key must be a word"),
        ("---\n<<: 3\n---\n", 2, 5, "takes a mapping"),
        ("---\na: 1\n...\nb: 1\n---\n", 4, 1, "second document|expected <document start>|did not find"),
        ("---\nk: " + "[" * 9_000 + "\n---\n", 2, 24, "more than 20 deep"),
        ("---\nk: " + "x" * 100_001 + "\n---\n", 1, 1, "longer than 100 KB"),
        ("+++\na = \n+++\n", 2, 5, "Invalid value"),
        ("+++\na = 1\na = 2\n+++\n", 3, 6, "Cannot overwrite"),
        ("+++\na = nan\n+++\n", 1, 1, "cannot be kept"),
        ("+++\na = " + "[" * 9_000 + "\n+++\n", 1, 1, "cannot be kept"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(source: str, line: int, column: int, words: str) -> None:
    with pytest.raises(FrontMatterError, match=f"(?i){words}") as caught:
        split(source)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_bomb_of_aliases_is_refused_before_it_goes_off() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 12)
    )
    with pytest.raises(FrontMatterError, match="10000 values"):
        split(f"---\n{bomb}---\n")


def test_aliases_do_not_nest_deeper_than_the_limit() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{number}: &a{number} [*a{number - 1}]\n" for number in range(1, 30))
    with pytest.raises(FrontMatterError, match="more than 20 deep"):
        split(f"---\n{chain}---\n")


def test_half_a_character_is_not_text() -> None:
    with pytest.raises(NotText):
        split("---\na: \ud800\n---\n")


def test_front_matter_is_written_as_a_person_would() -> None:
    values = {
        "title": "你好 🎉",
        "published": date(2024, 1, 2),
        "at": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        "tags": ["python", "no", "1e3", "0o17", "2024-01-02"],
        "draft": False,
        "note": "one\ntwo\n",
    }
    assert join(values, "Body\n") == (
        "---\ntitle: 你好 🎉\npublished: 2024-01-02\nat: 2024-01-02T03:04:05Z\ntags:\n  - python\n  - 'no'\n"
        "  - '1e3'\n  - '0o17'\n  - '2024-01-02'\ndraft: false\nnote: |\n  one\n  two\n---\nBody\n"
    )


def test_a_body_alone_stays_alone_unless_it_looks_like_front_matter() -> None:
    assert join({}, "Body") == "Body"
    assert split(join({}, "---\na: 1\n---\n")) == Document({}, "---\na: 1\n---\n", "yaml")


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
typed = st.sampled_from(
    ["no", "0755", "1_0", "1e3", "+.5", "12:30", "~", "", "- a", "a: b", "# x", "<<", "=", "---", " x "]
)
leaves = (
    words
    | typed
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.booleans()
    | st.none()
    | st.dates()
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(words | typed, values, max_size=4), words)
def test_what_is_written_is_read_back(front: dict[str, object], body: str) -> None:
    document = split(join(front, body))
    assert document.front == front
    assert document.body == (body if front or document.format else body.removeprefix("\ufeff"))
    json.dumps(document.front, default=date.isoformat, allow_nan=False)
