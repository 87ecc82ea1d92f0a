from pathlib import Path

import pytest

from pressroom.features.accounts.letters import LANGUAGES, Letter, compose
from pressroom.features.accounts.links import LinkSeal
from pressroom.features.accounts.page_words import CHINESE, ENGLISH, words_for
from pressroom.kernel.ids import new_id
from pressroom.kernel.secrets import Secrets


def test_a_token_leads_back_to_its_link(tmp_path: Path) -> None:
    seal, link = LinkSeal(Secrets(tmp_path)), new_id()
    assert seal.link_id(seal.token(link)) == link
    assert len(seal.token(link)) == 43


def test_forged_and_broken_tokens_lead_nowhere(tmp_path: Path) -> None:
    seal, other = LinkSeal(Secrets(tmp_path / "a")), LinkSeal(Secrets(tmp_path / "b"))
    good = seal.token(new_id())
    for token in (other.token(new_id()), "", "x", good[:-1], "z" + good[1:], good + "AAAA", "é" * 43, "=" * 43):
        assert seal.link_id(token) is None


@pytest.mark.parametrize("letter", list(Letter))
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_letter_can_be_written_in_every_language(letter: Letter, language: str) -> None:
    values = {"site": "The Daily", "name": "zoe", "role": "editor", "link": "https://x.example/y", "until": "noon"}
    words = compose(letter, language, **values)  # type: ignore[arg-type]  # a key of LANGUAGES is a language
    assert "The Daily" in words.subject
    assert "{" not in words.subject + words.text


def test_a_title_with_a_line_break_cannot_add_a_header() -> None:
    assert compose(Letter.invite, "en", site="a\nBcc: x", role="", link="", until="").subject.endswith("a Bcc: x")


def test_both_languages_of_the_pages_say_the_same_things() -> None:
    assert ENGLISH.pages.keys() == CHINESE.pages.keys()
    assert all(ENGLISH.pages[name].keys() == CHINESE.pages[name].keys() for name in ENGLISH.pages)
    for part in ("fields", "hints", "errors", "dead"):
        assert getattr(ENGLISH, part).keys() == getattr(CHINESE, part).keys()


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("en;q=0.5, zh;q=0.8", "zh"),
        ("de, en", "en"),
        ("fr", "en"),
        (";q=x,,", "en"),
    ],
)
def test_pages_speak_the_language_that_is_asked_for_first(header: str, lang: str) -> None:
    assert words_for(header).lang == lang
