"""A page made because of a change equals the page of a full build; nothing else is written."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pressroom.features.site.generator import (
    Author,
    BuildFailed,
    Changes,
    Edition,
    PostCard,
    Press,
    Term,
    affected,
    pages,
    press,
)
from pressroom.features.site.generator import edition as index
from pressroom.features.site.generator.bodies import BATCH

Library = Any

NAMES = [Term("Type", "type"), Term("Typ", "type"), Term("Ink", "ink"), Term("Notes", "notes")]
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["One", "Two", "排印"]),
        "tags": st.lists(st.sampled_from(NAMES), max_size=3, unique_by=lambda term: term.slug).map(tuple),
        "first_category": st.sampled_from([None, *NAMES[2:]]),
        "second_category": st.sampled_from([None, *NAMES[1:]]),
        "author": st.sampled_from([Author("Ada", "ada"), Author("Ada L.", "ada"), Author("Lin", "lin")]),
        "visibility": st.sampled_from(["public", "members"]),
        "old_slugs": st.lists(st.sampled_from(["old", "older", "post-3"]), max_size=2).map(tuple),
        "day": st.integers(-400, 400),
        "updated": st.integers(0, 5),
        "words": st.text(max_size=5).map(lambda text: f"<p>{text!a}</p>"),
    },
)
EDITS = st.lists(
    st.tuples(st.integers(0, 24), st.one_of(st.none(), FACTS)), min_size=1, max_size=6, unique_by=lambda edit: edit[0]
)


def rewritten(library: Library, number: int, facts: dict[str, Any]) -> PostCard:
    facts = dict(facts)
    moved, updated, words = facts.pop("day", 0), facts.pop("updated", 0), facts.pop("words", None)
    card: PostCard = library.card(number, html=words, **facts)
    revision = hash((str(facts), moved, updated, words))
    when = card.published_at + timedelta(days=moved)
    return replace(card, revision=revision, published_at=when, updated_at=when + timedelta(hours=updated))


@given(start=st.integers(0, 22), rounds=st.lists(EDITS, min_size=1, max_size=4))
@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.reuse, Phase.generate, Phase.shrink],  # explaining traces every line, and builds have many
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_changes_give_the_bytes_of_a_full_build(
    library: Library, monkeypatch: pytest.MonkeyPatch, start: int, rounds: list[list[tuple[int, dict[str, Any] | None]]]
) -> None:
    monkeypatch.setattr(index, "CHUNK", 4)
    monkeypatch.setattr(affected, "YEAR_LENGTH", 4)
    monkeypatch.setattr(pages, "WHOLE_ARCHIVE", 12)
    for module in (affected, press):
        monkeypatch.setattr(module, "SITEMAP_LENGTH", 5)
        monkeypatch.setattr(module, "FEED_LENGTH", 4)
    edition = library.edition(*(library.card(number) for number in range(start)))
    files = library.release(edition)
    for edits in rounds:
        written = tuple(rewritten(library, number, facts) for number, facts in edits if facts is not None)
        removed = frozenset(library.card(number).id for number, facts in edits if facts is None)
        step = library.press.apply(edition, Changes(written, removed), library.load)
        for path in step.output.deleted:
            files.pop(path, None)
        files |= dict(step.output.files)
        edition = step.edition
        assert files == library.release(edition)
        assert edition == library.edition(*edition.cards.values())


def test_a_post_without_a_second_category_is_related_to_those_with_one(library: Library) -> None:
    earlier = library.card(1, tags=(), first_category=NAMES[2], second_category=NAMES[3])
    later = library.card(2, tags=(), first_category=NAMES[2], second_category=None)
    step = library.apply(library.edition(later), earlier)
    assert 'class="kin"' in dict(step.output.files)["posts/post-2/index.html"].decode()


def test_slugs_may_be_swapped_in_one_step(library: Library) -> None:
    one, two = library.card(1), library.card(2)
    edition = library.edition(one, two)
    step = library.apply(edition, replace(one, revision=2, slug="post-2"), replace(two, revision=2, slug="post-1"))
    written = dict(step.output.files)
    assert "Words of post 1" in written["posts/post-2/index.html"].decode()
    assert "Words of post 2" in written["posts/post-1/index.html"].decode()
    assert step.output.deleted == []


def test_a_correction_in_an_old_post_writes_its_page_and_what_indexes_its_words(library: Library) -> None:
    edition = library.edition(*(library.card(number) for number in range(60)))
    step = library.apply(edition, library.card(7, html="<p>Corrected.</p>", revision=2))
    assert {path.split("/")[0] for path, _ in step.output.files} == {"posts", "search", "sitemaps"}
    assert len(step.output.files) == 3


def test_a_new_post_writes_as_many_files_in_a_large_site_as_in_a_small_one(library: Library) -> None:
    counts = []
    for total in (60, 600):
        edition = library.edition(*(library.card(number) for number in range(total)))
        step = library.apply(edition, library.card(total, tags=(Term("Fresh", "fresh"),)))
        counts.append(len(step.output.files))
        assert sum(path.startswith("posts/") for path, _ in step.output.files) == 2
        assert step.output.deleted == []
    assert max(counts) <= 24
    assert abs(counts[0] - counts[1]) <= 6


def test_a_post_that_is_as_before_costs_nothing(library: Library) -> None:
    edition = library.edition(library.card(1), library.card(2))
    step = library.apply(edition, library.card(1))
    assert (step.output.files, step.output.deleted) == ([], [])
    assert step.edition == edition


def test_the_last_post_of_a_tag_takes_the_tags_page_with_it(library: Library) -> None:
    only = library.card(1, tags=(Term("Rare", "rare"),), old_slugs=("once",))
    edition = library.edition(only, library.card(2))
    step = library.apply(edition, removed=[only])
    assert {"posts/post-1/index.html", "posts/once/index.html", "tags/rare/index.html"} <= set(step.output.deleted)
    assert b"rare" not in dict(step.output.files)["sitemaps/pages.xml"]


def test_a_failed_step_leaves_the_edition_usable(library: Library) -> None:
    edition = library.edition(library.card(1))
    broken = library.card(2)
    del library.bodies[broken.id]
    with pytest.raises(BuildFailed) as failure:
        library.apply(edition, broken)
    assert failure.value.slug == "post-2"
    step = library.apply(edition, library.card(3))
    assert "posts/post-3/index.html" in dict(step.output.files)
    assert "posts/post-2/index.html" not in library.release(step.edition)


def test_two_posts_at_one_address_are_refused(library: Library) -> None:
    with pytest.raises(BuildFailed, match="two posts have this address") as failure:
        library.edition(library.card(1), library.card(2, slug="post-1"))
    assert failure.value.slug == "post-1"


@pytest.mark.parametrize(
    "slug", ["..", "a/../b", "", "a//b", "/a", "a\\b", "a\0b", "a\nb", "x" * 300, "字" * 86, "\ud800"]
)
def test_a_slug_that_is_no_folder_is_refused(library: Library, slug: str) -> None:
    for facts in ({"slug": slug}, {"old_slugs": (slug,)}, {"tags": (Term("T", slug),)}, {"author": Author("A", slug)}):
        with pytest.raises(BuildFailed, match="cannot be part of an address"):
            library.edition(library.card(1, **facts))


def test_bodies_are_loaded_a_few_dozen_at_a_time_and_once(library: Library) -> None:
    library.build(*(library.card(number) for number in range(300)))
    assert max(map(len, library.asked)) <= BATCH + 1
    asked = [post for batch in library.asked for post in batch]
    assert sorted(asked) == sorted(set(asked))


def test_a_small_change_asks_for_bodies_once(library: Library) -> None:
    edition = library.edition(*(library.card(number) for number in range(100)))
    library.apply(edition, library.card(100))
    assert len(library.asked) == 1


def test_an_edition_knows_the_day_by_the_sites_clock(site: Any, library: Library) -> None:
    shanghai = replace(site, timezone=timezone(timedelta(hours=8)))
    card = library.card(0)
    late = replace(card, published_at=card.published_at.replace(year=2025, month=12, day=31, hour=20))
    edition: Edition = Press(shanghai).edition([late])
    paths = {file.path for file in Press(shanghai).build(edition, library.load)}
    assert "archive/2026/index.html" in paths
