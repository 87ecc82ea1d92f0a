from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.features.source.conflicts.side_by_side import Cell, Row, side_by_side


def test_lines_stand_beside_each_other_with_their_numbers() -> None:
    ours = b"one\ntwo here\nthree\nfour\nfive\n"
    theirs = b"zero\none\ntwo there\nthree\nfive\n"
    (stretch,) = side_by_side(ours, theirs)
    assert stretch.rows == (
        Row("theirs", None, Cell(1, "zero", ())),
        Row("same", Cell(1, "one", ()), Cell(2, "one", ())),
        Row("changed", Cell(2, "two here", ((4, 8),)), Cell(3, "two there", ((4, 9),))),
        Row("same", Cell(3, "three", ()), Cell(4, "three", ())),
        Row("ours", Cell(4, "four", ()), None),
        Row("same", Cell(5, "five", ()), Cell(5, "five", ())),
    )


def test_other_line_ends_alone_are_no_difference() -> None:
    assert side_by_side(b"one\ntwo\n", b"one\r\ntwo\r\n") == ()


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d e f", ""]), max_size=30)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_each_number_is_that_of_its_line(ours: list[str], theirs: list[str]) -> None:
    stretches = side_by_side("\n".join(ours).encode(), "\n".join(theirs).encode())
    rows = [row for stretch in stretches for row in stretch.rows]
    for side, lines in (("ours", "\n".join(ours).splitlines()), ("theirs", "\n".join(theirs).splitlines())):
        cells = [cell for row in rows if (cell := getattr(row, side))]
        assert all(lines[cell.number - 1] == cell.text for cell in cells)
        assert [cell.number for cell in cells] == sorted({cell.number for cell in cells})
    for row in rows:
        one, other = (side and side.text for side in (row.ours, row.theirs))
        assert (row.kind == "same") == (one == other)
