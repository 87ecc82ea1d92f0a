import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.kernel.text.tokens import BREAK, encode, fold, index_text, locate, tokenise


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Hello, World", ["hello", "world"]),
        ("Café CAFE\u0301 ｃａｆｅ", ["cafe", "cafe", "cafe"]),
        ("Straße Ærø Łódź", ["strasse", "aero", "lodz"]),
        ("Ёлка й", ["елка", "й"]),
        ("世界杯", ["世界", "界杯", "杯"]),
        ("世，界", ["世", "界"]),
        ("Python编程", ["python", "编程", "程"]),
        ("が か", ["が", "か"]),
        ("안녕", ["안녕", "녕"]),
        ("C++ C# F# C", ["c++", "c#", "f#", "c"]),
        ("C++17", ["c++", "17"]),
        ("don't node.js foo_bar well-known", ["don", "t", "node", "js", "foo", "bar", "well", "known"]),
        ("नमस्ते", ["नमस्ते"]),
        ("🎉 …", []),
    ],
)
def test_what_a_token_is(text: str, tokens: list[str]) -> None:
    assert tokenise(text) == tokens


def test_databases_see_hexadecimal_short_enough_for_each() -> None:
    assert encode("the") == "x746865"
    assert encode("字" * 100) == "x" + "字".encode().hex() * 13 + "字".encode().hex()[:4]
    assert len(encode("a" * 500)) == 83
    assert index_text("Hello 世界") == f"{encode('hello')} {encode('世界')} {encode('界')}"


def test_one_character_begins_the_pairs_it_stands_in() -> None:
    assert encode("世界").startswith(encode("世"))


def test_a_long_text_is_indexed_alike_on_each_database() -> None:
    many = index_text("again " * 300).split()
    assert many.count(encode("again")) == 250
    assert many.count(BREAK) == 50
    tail = index_text("word " * 15_000 + "needle word needle").split()
    assert tail[15_000:] == [BREAK, encode("needle")]
    assert len(index_text(" ".join(str(number) for number in range(200_000)))) <= 480_000


def located(text: str) -> list[tuple[str, int, int]]:
    found = locate(text)
    return [(token, *found.span(index)) for index, token in enumerate(found.tokens)]


def test_tokens_know_their_place_in_the_text_as_it_was() -> None:
    text = "Ünïcode: straße 世界 ﬁne e\u0301te"
    assert [(token, text[start:end]) for token, start, end in located(text)] == [
        ("unicode", "Ünïcode"),
        ("strasse", "straße"),
        ("世界", "世界"),
        ("界", "界"),
        ("fine", "ﬁne"),
        ("ete", "e\u0301te"),
    ]


@given(st.text(st.sampled_from("aZ世界鿿，。“”‘’—（！～０Ａ\u3000、〃〈】《…ﬁ〒"), max_size=20))
def test_the_short_way_to_fold_is_as_good_as_the_long_one(text: str) -> None:
    assert fold(text) == unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@given(st.text(max_size=80))
def test_tokens_survive_any_text_and_folding_twice_changes_nothing(text: str) -> None:
    assert tokenise(fold(text)) == tokenise(text)
    assert all(0 <= start <= end <= len(text) for _, start, end in located(text))
    assert all(part == BREAK or set(part[1:]) <= set("0123456789abcdef") for part in index_text(text).split())
