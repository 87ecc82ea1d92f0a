"""Lists grow, and their old pages stay."""

from hypothesis import given
from hypothesis import strategies as st

from pressroom.features.site.generator.paging import FRONT, Paging

SIZES = st.integers(1, 12)


@given(total=st.integers(0, 200), size=SIZES)
def test_every_post_is_on_exactly_one_page(total: int, size: int) -> None:
    paging = Paging(total, size)
    shown = [position for number in range(FRONT, paging.last + 1) for position in range(*paging.span(number))]
    assert sorted(shown) == list(range(total))
    assert all(
        paging.page_of(at) == number for number in range(FRONT, paging.last + 1) for at in range(*paging.span(number))
    )


@given(total=st.integers(1, 200), size=SIZES)
def test_the_front_shows_at_least_a_page_and_less_than_two(total: int, size: int) -> None:
    start, stop = Paging(total, size).span(FRONT)
    assert min(total, size) <= stop - start < 2 * size
    assert stop == total


@given(total=st.integers(0, 200), size=SIZES)
def test_older_leads_through_all_pages_and_newer_back(total: int, size: int) -> None:
    paging, number, walked = Paging(total, size), FRONT, [FRONT]
    while (older := paging.older(number)) is not None:
        assert paging.newer(older) == number
        number = older
        walked.append(number)
    assert walked == [FRONT, *range(paging.last, FRONT, -1)]


@given(total=st.integers(0, 200), size=SIZES)
def test_a_new_post_changes_the_front_and_at_most_two_pages_once_in_a_while(total: int, size: int) -> None:
    before, after = Paging(total, size), Paging(total + 1, size)
    changed = after.changed_since(before, total)
    if before.last == after.last:
        assert changed == {FRONT}
    else:
        assert changed == {FRONT, before.last, after.last}


def test_page_two_exists_as_soon_as_there_are_two_pages() -> None:
    assert [Paging(total, 10).last for total in (0, 19, 20, 29, 30)] == [1, 1, 2, 2, 3]
    assert Paging(25, 10).span(2) == (0, 10)
    assert Paging(1000, 10).span(2) == (0, 10)
