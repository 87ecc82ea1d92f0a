"""What cannot be done without harm is refused, with the line, before a byte is written."""

from datetime import date

import pytest

from pressroom.features.source.faithful import REMOVED, CannotEdit, Unreadable, read


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        (b"---\ntitle: a\nx: 1\ntitle: b\n---\n", 4, "given twice"),
        (b"---\ntitle: a\nno end", 1, "never closed"),
        (b"---\ntitle: a: b\n---\n", 2, "not allowed"),
        (b"+++\na = 1\na = 2\n+++\n", 3, "overwrite"),
        (b"---\ntitle: \xff\n---\n", 2, "not UTF-8"),
        ("---\ntitle: a\n".encode("utf-16"), 1, "not text"),
        (b"---\ntitle: a\n---\n\nx\0y\n", 5, "NUL"),
    ],
)
def test_a_file_that_the_site_would_not_read(raw: bytes, line: int, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        read(raw)
    assert caught.value.line == line
    assert caught.value.details["line"] == line


@pytest.mark.parametrize(
    ("source", "changes", "line", "words"),
    [
        ("---\na: &x one\nb: *x\n---\n", {"a": "two"}, 2, "anchor &x"),
        ("---\na: &x one\nb: *x\n---\n", {"b": "two"}, 3, "alias \\*x"),
        ("---\na: &x [one]\nb: *x\n---\n", {"a": ["one", "two"]}, 2, "anchor &x"),
        ("---\na:\n  - &x one\n  - two\nb: *x\n---\n", {"a": ["two"]}, 3, "anchor &x"),
        ("---\na: {c: &x one}\nb: *x\n---\n", {"a": REMOVED}, 2, "anchor &x"),
        ("---\nt: 1\na: !!str 1\n---\n", {"a": "2"}, 3, "tag !!str"),
        ("---\nb: &b {x: 1}\na:\n  <<: *b\n---\n", {"a": {"x": 2}}, 4, "merge key"),
        ("---\nb: &b {x: 1}\na:\n  <<: *b\n  y: 1\n---\n", {"a": {"y": 1}}, 4, "merge key"),
        ("---\n? a\n: one\n---\n", {"a": "two"}, 2, "several lines"),
        ("---\n? a\n: one\n---\n", {"a": REMOVED}, 2, "several lines"),
        ("---\na: [x, y: 1]\n---\n", {"a": ["x", {"y": 2}]}, 2, "without braces"),
        ("---\na: {x, y: 1}\n---\n", {"a": {"x": 1, "y": 1}}, 2, "without a colon"),
        ("---\na: {x: [1, \u2028 2]}\nt: 1\n---\n", {"t": 2}, 2, "invisible"),
        ("---\nt: 1\n---\n", {"t": "a\0b"}, 2, "NUL"),
        ("---\nt: 1\n---\n", {"t": float("nan")}, 2, "cannot be kept"),
        ("+++\n[[a]]\nb = 1\n[[a]]\nb = 2\n+++\n", {"a": [{"b": 1}]}, 2, "tables"),
        ("+++\n[a]\nb = 1\n+++\n", {"a": 1}, 2, "is a table"),
        ("+++\na = [1]\n+++\n", {"a": [1, None]}, 1, "no way to write"),
    ],
)
def test_an_edit_that_would_do_harm(source: str, changes: dict[str, object], line: int, words: str) -> None:
    with pytest.raises(CannotEdit, match=words) as caught:
        read(source.encode()).edited(changes)
    assert caught.value.line == line


def test_half_a_character_in_the_body_is_refused() -> None:
    with pytest.raises(CannotEdit):
        read(b"---\na: 1\n---\n").edited({}, body="\ud800")


def test_what_stands_beside_the_tied_values_is_edited_as_ever() -> None:
    source = "---\nb: &b {x: 1}\na:\n  <<: *b\n  y: 1\nt: !!str 1\n---\n"
    assert read(source.encode()).edited({"a": {"x": 1, "y": 2, "z": 3}}).decode() == (
        "---\nb: &b {x: 1}\na:\n  <<: *b\n  y: 2\n  z: 3\nt: !!str 1\n---\n"
    )


def test_a_key_beside_one_of_several_lines_is_added_as_ever() -> None:
    assert read(b"---\n? a\n: one\n---\n").edited({"b": 1}) == b"---\n? a\n: one\nb: 1\n---\n"


def test_the_same_value_in_another_guise_is_no_change() -> None:
    raw = b"---\nn: 1.0\nd: 2024-01-02T00:00:00Z\nm: {a: 1, b: 2}\ne:\n---\n"
    same_again = {"n": 1, "d": date(2024, 1, 2), "m": {"b": 2, "a": 1}, "e": None, "unknown": None, "gone": REMOVED}
    assert read(raw).edited(same_again) == raw
    assert read(raw).edited({"n": True}) != raw


def test_spans_say_where_each_key_stands_in_bytes() -> None:
    raw = "\ufeff---\r\n标: 题 # c\r\ntags:\r\n- a\r\n- b\r\n---\r\n".encode()
    spans = read(raw).spans
    assert [raw[span.start : span.end].decode() for span in spans.values()] == ["标: 题", "tags:\r\n- a\r\n- b"]
    assert [span.line for span in spans.values()] == [2, 3]


def test_mixed_line_breaks_of_the_body_stay_line_by_line() -> None:
    document = read(b"---\na: 1\n---\none\r\ntwo\nthree\r\n")
    assert document.body == "one\ntwo\nthree\n"
    assert document.edited({}, body="one\ntwo\nnew\nthree\n").endswith(b"---\none\r\ntwo\nnew\r\nthree\r\n")


@pytest.mark.parametrize("body", ["---\ntitle: x\n---\n", "+++\n", "\n\n---\nx: 1\n---\n", "\ufeffbody"])
def test_a_body_that_looks_like_front_matter_stays_a_body(body: str) -> None:
    after = read(read(b"Body\n").edited({}, body=body))
    assert (dict(after.values), after.body) == ({}, body)
