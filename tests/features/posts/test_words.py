from datetime import UTC, date, datetime

import pytest

from pressroom.features.posts.states import Visibility
from pressroom.features.posts.words import (
    Words,
    as_moment,
    as_written,
    check_address,
    check_characters,
    check_front,
    flat,
    from_json,
    to_json,
)

FULL = Words(
    title="A title",
    content="Words.",
    slug="a-title",
    visibility=Visibility.members,
    description="About it",
    published=datetime(2024, 2, 3, 4, 5, tzinfo=UTC),
    tags=("one", "二"),
    first_category="Tech",
    second_category="Code",
    author="Ada",
    cover="/a.png",
    source_link="https://example.org/",
    license_name="CC BY 4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    frontmatter={"series": {"part": 2}},
)


def test_a_version_gives_back_the_words_it_was_made_from() -> None:
    assert from_json(to_json(FULL), title=FULL.title, content=FULL.content) == FULL
    bare = Words(title="Only a title")
    assert from_json(to_json(bare), title=bare.title, content="") == bare


def test_a_date_stays_a_date_and_a_time_a_time() -> None:
    assert as_written(as_moment(date(2024, 2, 3))) == date(2024, 2, 3)
    moment = datetime(2024, 2, 3, 4, 5, tzinfo=UTC)
    assert as_written(as_moment(moment)) == moment
    assert flat({"published": as_moment(date(2024, 2, 3))}) == {"published": "2024-02-03"}
    assert flat({"published": moment, "first_category": "Tech"}) == {
        "published": "2024-02-03T04:05:00Z",
        "first_level_category": "Tech",
    }


def test_characters_that_no_feed_can_hold_are_named() -> None:
    assert check_characters("tabs\tand\nlines\r\n🎉") == "tabs\tand\nlines\r\n🎉"
    with pytest.raises(ValueError, match=r"Character 3 is a control character \(U\+0000\)"):
        check_characters("ab\0")


@pytest.mark.parametrize("good", ["https://example.org/a?b#c", "/media/a.png", "./a.png", "a/b.png", "mailto:a@b.org"])
def test_addresses_and_paths_are_taken(good: str) -> None:
    assert check_address(f" {good} ") == good


@pytest.mark.parametrize(
    "bad", ["javascript:alert(1)", "data:text/html,x", "java\tscript:x", "https://a b", "JAVASCRIPT:x"]
)
def test_addresses_that_run_code_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"address|control"):
        check_address(bad)


def test_own_front_matter_may_not_hide_our_names_or_control_characters_or_megabytes() -> None:
    assert check_front({"mine": [1, {"deep": "yes"}]})
    for bad in ({"title": "x"}, {"a": ["b\0"]}, {"a\0": 1}, {"a": "x" * 70_000}):
        with pytest.raises(ValueError):  # noqa: PT011  # each has words of its own
            check_front(bad)
