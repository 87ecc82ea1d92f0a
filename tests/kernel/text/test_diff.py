from difflib import unified_diff
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LINEAR, growth

from pressroom.kernel.text.diff import Hunk, Line, compare


def test_equal_texts_have_no_hunks() -> None:
    assert compare("a\nb\n", "a\r\nb") == ()


def test_a_changed_line_has_its_neighbours_and_its_changed_words() -> None:
    old = "one\ntwo\nthe quick fox\nfour\nfive"
    new = "one\ntwo\nthe slow fox\nfour\nfive"
    assert compare(old, new, context=1) == (
        Hunk(
            2,
            3,
            2,
            3,
            (
                Line("same", "two"),
                Line("removed", "the quick fox", ((4, 9),)),
                Line("added", "the slow fox", ((4, 8),)),
                Line("same", "four"),
            ),
        ),
    )


def test_chinese_is_compared_by_character() -> None:
    (hunk,) = compare("我爱北京天安门", "我爱上海天安门")
    assert [line.spans for line in hunk.lines] == [((2, 4),), ((2, 4),)]


def test_a_replaced_line_is_not_marked_word_by_word() -> None:
    (hunk,) = compare("completely different words", "nothing shared at all, really")
    assert [line.spans for line in hunk.lines] == [(), ()]


def test_far_changes_are_separate_hunks() -> None:
    old = [str(number) for number in range(40)]
    new = ["x", *old[1:30], "y", *old[31:]]
    hunks = compare("\n".join(old), "\n".join(new))
    assert [(hunk.old_start, hunk.new_start) for hunk in hunks] == [(1, 1), (28, 28)]


def test_from_nothing_everything_is_added() -> None:
    assert compare("", "a\nb") == (Hunk(0, 0, 1, 2, (Line("added", "a"), Line("added", "b"))),)


def shuffled(size: int) -> tuple[Hunk, ...]:
    lines = [f"line {number % 200}" for number in range(size)]
    order = sorted(range(size), key=lambda number: sha256(b"%d" % number).digest())
    return compare("\n".join(["same", *lines, "end"]), "\n".join(["same", *(lines[n] for n in order), "end"]))


def test_long_texts_of_shuffled_repeated_lines_are_compared_in_linear_time() -> None:
    hunks = shuffled(60_000)
    assert [hunks[0].lines[0], hunks[0].lines[-1]] == [Line("same", "same"), Line("same", "end")]
    assert growth(shuffled, 60_000) < LINEAR


lines = st.lists(st.sampled_from(["a", "b", "c d", "世界", ""]), max_size=15)


@given(lines, lines, st.integers(0, 3))
def test_hunks_lead_from_old_to_new(old: list[str], new: list[str], context: int) -> None:
    before, after = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    rebuilt, place = [], 0
    for hunk in compare("\n".join(old), "\n".join(new), context=context):
        start = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
        rebuilt += before[place:start] + [line.text for line in hunk.lines if line.kind != "removed"]
        assert [line.text for line in hunk.lines if line.kind != "added"] == before[start : start + hunk.old_lines]
        place = start + hunk.old_lines
    assert rebuilt + before[place:] == after


@given(lines, lines)
def test_hunks_start_where_a_unified_diff_says(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    headers = [line.split()[1:3] for line in unified_diff(before, after, lineterm="") if line.startswith("@@")]
    ours = [
        [_side("-", h.old_start, h.old_lines), _side("+", h.new_start, h.new_lines)]
        for h in compare("\n".join(old), "\n".join(new))
    ]
    assert ours == headers


def _side(sign: str, start: int, count: int) -> str:
    return f"{sign}{start}" if count == 1 else f"{sign}{start},{count}"
