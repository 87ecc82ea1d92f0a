import pickle

import pytest

from pressroom.features.posts.errors import TextRefused
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.terms import term_key, term_slug
from pressroom.features.posts.typeset import House, address, typeset, typeset_anyhow
from pressroom.features.posts.words import Words

HOUSE = House()


def test_everything_is_made_from_the_words() -> None:
    made = typeset(Words(title="你好 世界", content="## 第一节\n\n今天天气很好。"), HOUSE)
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
    assert address(Words(title="Title", slug="mine"), HOUSE, name="file") == "mine"
    assert address(Words(title="Title"), HOUSE, name="My File") == "my-file"
    assert address(Words(title="你好 世界"), HOUSE) == "ni-hao-shi-jie"
    assert address(Words(title="你好"), House(keep_script=True)) == "你好"
    assert address(Words(title="🎉"), HOUSE) == ""


def test_text_that_no_person_writes_is_refused_in_words() -> None:
    with pytest.raises(TextRefused, match="nested"):
        typeset(Words(title="T", content="> " * 200 + "deep"), HOUSE)


def test_words_that_are_kept_already_stand_as_they_were_typed_where_they_cannot_be_rendered() -> None:
    words = Words(title="T", content="> " * 200 + "<b>deep</b> 世界", tags=("tag",))
    made, reason = typeset_anyhow(words, HOUSE)
    assert reason is not None
    assert "nested" in reason
    assert made.html == f"<pre>{'&gt; ' * 200}&lt;b&gt;deep&lt;/b&gt; 世界</pre>\n"
    assert (made.text, made.word_count, made.headings) == (words.content, 5, ())
    assert typeset_anyhow(Words(title="T", content="fine"), HOUSE) == (
        typeset(Words(title="T", content="fine"), HOUSE),
        None,
    )


def test_terms_that_only_differ_in_signs_have_addresses_of_their_own() -> None:
    assert [term_slug(name, HOUSE) for name in ("C", "C++", "C#", "🎉")] == ["c", "c-plus-plus", "c-sharp", "u1f389"]
    assert term_key("Café") == term_key("CAFÉ") != term_key("Cafe Noir")


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("# Hello\n\nWords.\n", "<p>Words.</p>\n"),
        ("Hello\n=====\n\nWords.\n", "<p>Words.</p>\n"),
        ("Words.\n\n# Hello\n", None),
        ("# Hello there\n\nWords.\n", None),
        ("## Hello\n\nWords.\n", None),
    ],
)
def test_a_text_that_begins_with_its_own_title_does_not_say_it_twice(content: str, html: str | None) -> None:
    made = typeset(Words(title="Hello", content=content), House())
    assert made.html == html if html else "Hello" in made.html
    assert len(made.headings) == (0 if html else 1)
