import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.kernel.text.slugs import is_slug, numbered, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("你好 世界", "ni-hao-shi-jie"),
        ("你好世界", "ni-hao-shi-jie"),
        ("用Python编程", "yong-python-bian-cheng"),
        ("Привет, объект", "privet-obekt"),
        ("こんにちは 世界", "konnichiha-shi-jie"),
        ("안녕하세요", "an-nyeong-ha-se-yo"),
        ("Straße & Café", "strasse-cafe"),
        ("don't panic", "dont-panic"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full-width"),
        ("a/b\\c\0d\ne", "a-b-c-d-e"),
        ("--- C++ ---", "c"),
        ("Party 🎉 time", "party-time"),
        ("🎉", ""),
        ("", ""),
        (" \t", ""),
    ],
)
def test_a_title_becomes_an_address(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_a_title_of_letters_that_have_no_ascii_spelling_still_has_an_address() -> None:
    assert slugify("ع") == "u0639"


def test_the_script_can_be_kept() -> None:
    assert slugify("你好，世界", keep_script=True) == "你好-世界"
    assert slugify("Ünïcode E\u0301", keep_script=True) == "ünïcode-é"
    assert slugify("नमस्ते दुनिया", keep_script=True) == "नमस्ते-दुनिया"


def test_a_long_title_is_cut_between_words() -> None:
    assert slugify("one two three four", max_length=12) == "one-two"
    assert slugify("one two three", max_length=7) == "one-two"
    assert slugify("supercalifragilistic", max_length=5) == "super"
    assert len(slugify("好" * 1_000_000)) <= 100


def test_a_number_tells_slugs_apart_within_the_length() -> None:
    assert numbered("hello", 2) == "hello-2"
    assert numbered("a" * 100, 12) == "a" * 97 + "-12"
    assert numbered("ab-c", 2, max_length=5) == "ab-2"


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "A", "a/b", "a b", "你好", "a\n", "a" * 101])
def test_what_is_not_a_slug(text: str) -> None:
    assert not is_slug(text)


def test_kept_scripts_are_slugs_only_where_scripts_are_kept() -> None:
    assert is_slug("你好-世界", keep_script=True)
    assert not is_slug("你好-世界")
    assert not is_slug("你好/世界", keep_script=True)


@given(st.text(max_size=60), st.booleans())
def test_whatever_is_typed_the_slug_is_a_slug_or_empty(title: str, keep_script: bool) -> None:  # noqa: FBT001 - drawn
    slug = slugify(title, keep_script=keep_script)
    assert slug == "" or is_slug(slug, keep_script=keep_script)
    assert not any(
        unicodedata.category(char).startswith(("C", "Z")) and unicodedata.category(char) != "Cn" for char in slug
    )
    assert "/" not in slug
    if any(char.isascii() and char.isalnum() for char in title):
        assert slug


@pytest.mark.parametrize("text", ["字" * 100, "字-" * 60, "अ" * 100, "ab字" * 50])
def test_no_slug_is_longer_than_the_name_of_a_folder_may_be(text: str) -> None:
    slug = slugify(text, keep_script=True)
    assert 150 < len(slug.encode()) <= 240
    assert is_slug(slug, keep_script=True)
    assert len(numbered(slug, 1000).encode()) <= 240
    assert not is_slug("字" * 81, keep_script=True)
