import pytest

from pressroom.kernel.text.counting import Count, count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … !", 0),
        ("Hello, world", 2),
        ("don't stop", 2),
        ("well-known 3.14", 2),
        ("snake_case", 2),
        ("你好，世界", 4),
        ("用Python编程", 4),
        ("こんにちは", 5),
        ("नमस्ते दुनिया", 2),
        ("e\u0301te\u0301", 1),
    ],
)
def test_words_are_counted_as_readers_count_them(text: str, words: int) -> None:
    assert count(text).words == words


def test_reading_takes_a_minute_for_220_words_or_400_chinese_characters() -> None:
    assert count("word " * 220) == Count(220, 1)
    assert count("word " * 221) == Count(221, 2)
    assert count("字" * 400) == Count(400, 1)
    assert count("字" * 401) == Count(401, 2)
    assert count("word " * 110 + "字" * 200) == Count(310, 1)


def test_the_shortest_text_takes_a_minute_and_no_text_none() -> None:
    assert count("Hi").minutes == 1
    assert count(" ").minutes == 0
