import pytest

from pressroom.kernel.text.language import guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The quick brown fox", "en"),
        ("", "en"),
        ("🎉 — 123", "en"),
        ("这是一个关于编程的故事", "zh"),
        ("這是一個關於程式設計的故事", "zh-Hant"),
        ("用 Python 和 FastAPI 写一个网站，从零开始部署到服务器", "zh"),
        ("これは日本語の文章です。漢字も使います", "ja"),
        ("日本語の文章。漢字多用主義者の論文集", "ja"),
        ("이것은 한국어 문장입니다", "ko"),
        ("Это русский текст", "ru"),
        ("Αυτό είναι ελληνικά", "el"),
        ("זהו טקסט בעברית", "he"),
        ("هذا نص عربي", "ar"),
        ("यह हिन्दी है", "hi"),
        ("นี่คือภาษาไทย", "th"),
        ("The Chinese word 你好 means hello, and that is all we learn in this lesson", "en"),
    ],
)
def test_the_script_tells_the_language(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_latin_letters_leave_it_to_the_site() -> None:
    assert guess_language("Le café est déjà fermé", default="fr") == "fr"
