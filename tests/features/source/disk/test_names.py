"""Names that every system holds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.features.source.disk import UnsafeName, check_name, fold, safe_name

UNFIT = [
    "", ".", "..", "a/b.md", "a\\b.md", "a:b.md", "a?.md", 'a".md', "a|b", "<a>", "a*", "a\0b", "a\nb.md", "con",
    "CON.md", "nul.tar.gz", "Com1.md", "lpt9", "COM¹.md", "conin$", "aux .md", "a.md.", "a.md ", ".hidden.md",
    "x" * 256, "新" * 86, "a\ud800.md",
]  # fmt: skip


@pytest.mark.parametrize("name", UNFIT)
def test_names_that_some_system_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(UnsafeName):
        check_name(name)


@pytest.mark.parametrize("name", ["a.md", "你好 世界.md", "console.md", "a.b.c", "-", "x" * 255, "com10.md", "é.md"])
def test_other_names_stay_as_they_are(name: str) -> None:
    assert check_name(name, taken=["other.md"]) == name


@pytest.mark.parametrize("taken", ["Hello.MD", "HELLO.md", "hello.md"])
def test_names_that_differ_in_case_alone_are_one(taken: str) -> None:
    with pytest.raises(UnsafeName, match="same as"):
        check_name("hello.md", taken=["a.md", taken])


def test_names_that_differ_in_unicode_form_alone_are_one() -> None:
    composed, decomposed = "Café.md", unicodedata.normalize("NFD", "café.md")
    assert fold(composed) == fold(decomposed)
    assert safe_name("café", taken=[composed]) == "café-2.md"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("hello", "hello.md"), ("hello.md", "hello.md"), ("../../etc/passwd", "etc-passwd.md"), ("a/b", "a-b.md"),
        ("con", "_con.md"), ("what?", "what.md"), ("...", "untitled.md"), ("", "untitled.md"), (" a. ", "a.md"),
        ("你好：世界", "你好：世界.md"),
    ],
)  # fmt: skip
def test_any_words_become_a_name(wanted: str, name: str) -> None:
    assert safe_name(wanted) == name


@given(st.text(), st.lists(st.text(max_size=5), max_size=5))
def test_a_made_name_is_always_fit_and_free(wanted: str, taken: list[str]) -> None:
    name = safe_name(wanted, taken=taken)
    assert check_name(name, taken=taken) == name
    assert safe_name(name, taken=[name]) != name


@given(st.sampled_from(["x", "新", "🦊", ". ", "é"]), st.integers(100, 300))
def test_long_words_are_cut_between_characters(letter: str, count: int) -> None:
    assert check_name(safe_name(letter * count, taken=[safe_name(letter * count)]))
