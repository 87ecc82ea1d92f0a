import pytest

from pressroom.kernel.text.characters import check_text
from pressroom.kernel.text.errors import NotText


@pytest.mark.parametrize("text", ["", "plain", "你好 🎉", "nul \0 is a character"])
def test_text_passes_unchanged(text: str) -> None:
    assert check_text(text) == text


def test_half_a_character_is_named_with_its_place() -> None:
    with pytest.raises(NotText, match=r"Character 4 is half of a character \(U\+D83C\)"):
        check_text("abc\ud83c")
