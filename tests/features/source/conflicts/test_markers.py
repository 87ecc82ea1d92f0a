import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.features.source.conflicts.markers import has_markers, is_undecided, marked

CONFLICT = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main\n"


@pytest.mark.parametrize(
    "text",
    [
        CONFLICT,
        f"Before.\n\n{CONFLICT}After.\n",
        CONFLICT.replace("\n", "\r\n"),
        f"---\n{CONFLICT}---\nBody.\n",
        "<<<<<<< HEAD\nours\n||||||| base\nwas\n=======\ntheirs\n>>>>>>> main",
        "<<<<<<<\n=======\n>>>>>>>\n",
        f"```sh\necho\n```\n{CONFLICT}",
        "<<<<<<< HEAD\n```python\n=======\n```js\n>>>>>>> main\ncode\n```\n",
        f"~~~~\n~~~\n~~~~\n{CONFLICT}",
        f"1. `````` is no fence\n\n{CONFLICT}",
    ],
)
def test_what_git_left_is_found(text: str) -> None:
    assert has_markers(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Title\n=======\n",
        f"```\n{CONFLICT}```\n",
        f"~~~~ diff\n{CONFLICT}~~~~\n",
        f"````\n```\n{CONFLICT}````\n",
        "".join(f"    {line}\n" for line in CONFLICT.splitlines()),
        "> <<<<<<< HEAD\n=======\n>>>>>>> main\n",
        "<<<<<<< HEAD\n=======\n",
        "=======\n>>>>>>> main\n<<<<<<< HEAD\n",
        "<<<<<<<< HEAD\n=======\n>>>>>>>> main\n",
        "<<<<<<< HEAD\n======== \n>>>>>>> main\n",
    ],
)
def test_what_only_speaks_of_them_is_not(text: str) -> None:
    assert not has_markers(text)


def test_both_sides_stand_in_one_text() -> None:
    base = b"---\ntitle: T\n---\none\ntwo\nthree\nfour"
    ours = base.replace(b"T", b"Mine").replace(b"three", b"3")
    theirs = base.replace(b"one", b"ONE").replace(b"three", b"drei").replace(b"four", b"vier")
    made = marked(base, ours, theirs)
    assert made == (
        "---\ntitle: Mine\n---\nONE\ntwo\n<<<<<<< saved here\n3\nfour\n=======\ndrei\nvier\n>>>>>>> on disk\n"
    )
    assert is_undecided(made)
    assert not is_undecided(made.replace("<<<<<<< saved here\n", "").replace(">>>>>>> on disk\n", ""))


def test_lines_end_as_they_do_on_disk() -> None:
    theirs = b"\xef\xbb\xbfone\r\nTWO\r\n"
    assert (
        marked(b"one\ntwo\n", b"ONE\ntwo\n", theirs).encode().startswith(b"\xef\xbb\xbf<<<<<<< saved here\r\nONE\r\n")
    )
    assert marked(b"one\n\ntwo\n", b"ONE\n\ntwo\n", b"one\r\n\r\nTWO\r\n") == "ONE\r\n\r\nTWO\r\n"


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "```\n", "\n"]), max_size=8).map("".join)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES, LINES)
def test_each_side_can_be_read_out_of_what_clashes(base: str, ours: str, theirs: str) -> None:
    made = marked(base.encode(), ours.encode(), theirs.encode())
    lines = set(made.split("\n"))
    assert {line for side in (ours, theirs) for line in side.split("\n") if line not in base.split("\n")} <= lines
    if ours == base:
        assert made == theirs
    if theirs == base:
        assert made == ours
