import pickle

import pytest

from pressroom.features.posts.errors import TextRefused
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.terms import term_key, term_slug
from pressroom.features.posts.typeset import House, typeset
from pressroom.features.posts.words import Words

HOUSE = House()


def test_everything_is_made_from_the_words() -> None:
    made = typeset(Words(title="你好 世界", content="## 第一节\n\n今天天气很好。"), HOUSE)
    assert made.slug == "ni-hao-shi-jie"
    assert (made.lang, made.word_count, made.minutes) == ("zh", 9, 1)
    assert made.summary == "今天天气很好。"
    assert [heading["text"] for heading in made.headings] == ["第一节"]
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301  # our own bytes


def test_members_words_are_in_no_summary() -> None:
    words = Words(title="T", content="For members alone.", visibility=Visibility.members)
    assert typeset(words, HOUSE).summary == ""
    assert typeset(words.changed({"description": "A teaser"}), HOUSE).summary == "A teaser"


def test_the_front_matters_language_wins_over_the_guess() -> None:
    assert typeset(Words(title="T", content="Bonjour", frontmatter={"lang": "fr-CA"}), HOUSE).lang == "fr-CA"
    assert typeset(Words(title="T", content="Bonjour", frontmatter={"lang": '"><script>'}), HOUSE).lang == "en"


def test_an_address_is_the_writers_or_the_files_or_the_titles() -> None:
    assert typeset(Words(title="Title", slug="mine"), HOUSE, name="file").slug == "mine"
    assert typeset(Words(title="Title"), HOUSE, name="My File").slug == "my-file"
    assert typeset(Words(title="Title"), HOUSE).slug == "title"
    assert typeset(Words(title="你好"), House(keep_script=True)).slug == "你好"
    assert typeset(Words(title="🎉"), HOUSE).slug == ""


def test_text_that_no_person_writes_is_refused_in_words() -> None:
    with pytest.raises(TextRefused, match="nested"):
        typeset(Words(title="T", content="> " * 200 + "deep"), HOUSE)


def test_terms_that_only_differ_in_signs_have_addresses_of_their_own() -> None:
    assert [term_slug(name, HOUSE) for name in ("C", "C++", "C#", "🎉")] == ["c", "c-plus-plus", "c-sharp", "u1f389"]
    assert term_key("Café") == term_key("CAFÉ") != term_key("Cafe Noir")
