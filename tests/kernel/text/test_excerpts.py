import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.kernel.text.excerpts import Excerpt, excerpt, marked_html, summarise
from pressroom.kernel.text.websearch import parse

LONG = "Nothing to see here at all. " * 30 + "Then the quick brown fox came by. " + "And nothing after it. " * 30


def hits(found: Excerpt) -> list[str]:
    return [found.text[start:end] for start, end in found.spans]


def test_the_excerpt_is_where_the_hit_is() -> None:
    found = excerpt(LONG, parse("fox"), length=60)
    assert hits(found) == ["fox"]
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert "quick brown fox came" in found.text
    assert len(found.text) <= 62


def test_words_are_not_cut() -> None:
    found = excerpt(LONG, parse("fox"), length=50)
    assert set(found.text.strip("…").split()) <= set(LONG.split())


def test_the_stretch_with_most_of_the_search_wins() -> None:
    text = "A fox alone. " + "Filling words. " * 30 + "The fox and the hen together."
    assert hits(excerpt(text, parse("hen fox"), length=60)) == ["fox", "hen"]


def test_phrases_are_found_whole() -> None:
    assert hits(excerpt("A fox is brown. The brown fox.", parse('"brown fox"'))) == ["brown fox"]


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("我爱北京天安门", "北京", ["北京"]),
        ("欢迎观看世界杯足球赛", "世界杯", ["世界杯"]),
        ("世界很大", "世", ["世"]),
        ("用Python编程", "Python编程", ["Python编程"]),
        ("Visit the Café now", "cafe", ["Café"]),
        ("Die STRASSE, die straße", "straße", ["STRASSE", "straße"]),
        ("I write C++ and C", "c++", ["C++"]),
        ("don't stop", "don't", ["don't"]),
    ],
)
def test_hits_are_marked_as_they_are_written(text: str, typed: str, marked: list[str]) -> None:
    assert hits(excerpt(text, parse(typed))) == marked


def test_a_chinese_excerpt_has_its_hit_and_its_length() -> None:
    found = excerpt("这里什么也没有。" * 100 + "然后北京到了。" + "后面也没有什么。" * 100, parse("北京"), length=40)
    assert hits(found) == ["北京"]
    assert 30 <= len(found.text) <= 42


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert excerpt("Short text.", parse("absent")) == Excerpt("Short text.")
    assert excerpt("Short\n\n text.", None) == Excerpt("Short text.")


def test_html_is_escaped_around_and_inside_the_marks() -> None:
    found = excerpt("<script>fox</script> & <b>", parse("fox"))
    assert marked_html(found) == "&lt;script&gt;<mark>fox</mark>&lt;/script&gt; &amp; &lt;b&gt;"


@given(
    st.text(alphabet="ab 世界.é\n", max_size=200),
    st.sampled_from(["a", "世", "世界", '"a b"', "é or b"]),
    st.integers(5, 60),
)
def test_spans_always_lie_in_the_text_in_order(text: str, typed: str, length: int) -> None:
    found = excerpt(text, parse(typed), length=length)
    places = [place for span in found.spans for place in span]
    assert places == sorted(places)
    assert all(0 <= place <= len(found.text) for place in places)
    assert len(found.text) <= length + 2


def test_a_summary_is_whole_sentences() -> None:
    assert summarise("First one. Second one! Third one is longer than that.", length=30) == "First one. Second one!"
    assert summarise("这是第一句。这是第二句！后面还有很多很多很多的字。", length=14) == "这是第一句。这是第二句！"


def test_a_long_first_sentence_is_cut_between_words() -> None:
    assert (
        summarise("A sentence that goes on and on without any end in sight", length=30)
        == "A sentence that goes on and…"
    )
    assert summarise("没有句号的一段很长很长的中文文字", length=8) == "没有句号的一段…"


def test_version_numbers_do_not_end_sentences() -> None:
    assert summarise("Python 3.14 is out and everyone is happy. More follows here.", length=45) == (
        "Python 3.14 is out and everyone is happy."
    )


def test_a_short_text_is_its_own_summary() -> None:
    assert summarise("Hello\n  world") == "Hello world"
    assert summarise("") == ""
