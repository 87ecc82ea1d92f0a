"""Two sides changed one file."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.features.source.faithful.hands import KEYS, SCALARS, hands
from tests.growth import LINEAR, growth

from pressroom.features.source.faithful import REMOVED, SourceDocument, read
from pressroom.features.source.merging import Clash, Conflict, merge

BASE = "---\ntitle: T # t\ntags: [a, b]\ndraft: true\nmeta:\n  time: 1\n  words: 2\n---\none\ntwo\nthree\nfour\nfive\n"


def of(text: str) -> SourceDocument:
    return read(text.encode())


def merged(ours: str, theirs: str, base: str = BASE) -> bytes | Conflict:
    return merge(of(base), of(ours), of(theirs))


def test_changes_that_do_not_touch_are_both_kept() -> None:
    ours = BASE.replace("title: T", "title: New").replace("time: 1", "time: 9").replace("one\n", "ONE\n")
    theirs = BASE.replace("draft: true\n", "").replace("words: 2", "words: 3").replace("five", "FIVE\nsix")
    assert merged(ours, theirs) == (
        b"---\ntitle: New # t\ntags: [a, b]\nmeta:\n  time: 9\n  words: 3\n---\nONE\ntwo\nthree\nfour\nFIVE\nsix\n"
    )
    assert merged(theirs, ours) == merged(ours, theirs)


def test_the_same_change_on_both_sides_is_one_change() -> None:
    both = BASE.replace("title: T", "title: New").replace("three", "THREE")
    ours, theirs = both.replace("one", "ONE"), both.replace("five", "FIVE")
    assert merged(ours, theirs) == both.replace("one", "ONE").replace("five", "FIVE").encode()


def test_a_clash_keeps_both_texts_and_names_every_place() -> None:
    ours = BASE.replace("title: T", "title: Mine").replace("time: 1", "time: 5").replace("three", "3")
    theirs = BASE.replace("title: T # t\n", "").replace("time: 1", "time: 6").replace("three", "drei")
    conflict = merged(ours, theirs)
    assert conflict == Conflict(
        ours.encode(),
        theirs.encode(),
        (
            Clash("key", "title", "T", "Mine", REMOVED),
            Clash("key", "meta.time", 1, 5, 6),
            Clash("body", "3", "three\n", "3\n", "drei\n"),
        ),
    )


def test_neighbouring_lines_touch() -> None:
    conflict = merged(BASE.replace("two", "2"), BASE.replace("three", "3"))
    assert isinstance(conflict, Conflict)
    assert conflict.clashes == (Clash("body", "2", "two\nthree\n", "2\nthree\n", "two\n3\n"),)


def test_comments_of_both_sides_stay_or_a_person_decides() -> None:
    ours = BASE.replace("title", "# mine\ntitle")
    theirs = BASE.replace("one", "ONE")
    assert merged(ours, theirs) == ours.replace("one", "ONE").encode()
    clash = merged(ours, BASE.replace("draft", "# theirs\ndraft"))
    assert isinstance(clash, Conflict)
    assert [each.kind for each in clash.clashes] == ["layout"]


def test_other_line_breaks_of_the_whole_file_are_no_clash() -> None:
    theirs = BASE.replace("\n", "\r\n")
    ours = BASE.replace("one", "ONE").replace("title: T", "title: New")
    assert merged(ours, theirs) == ours.replace("\n", "\r\n").encode()


def test_what_cannot_be_edited_is_a_conflict() -> None:
    base = "---\na: &a 1\nb: *a\nc: 1\n---\n"
    conflict = merged(base.replace("&a 1", "&a 2"), base.replace("*a", "3 # x"), base)
    assert isinstance(conflict, Conflict)


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "- x", "---"]), max_size=12)
EDITS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.integers(0, 3)), max_size=3)


@st.composite
def three(draw: st.DrawFn) -> tuple[SourceDocument, SourceDocument, SourceDocument]:
    """A file, and two edits of it whose new lines are all different."""
    hand = draw(hands())
    base = read(hand._replace(body="".join(f"{line}\n" for line in draw(TEXTS))).raw)
    return base, draw(_edited(base, "ours")), draw(_edited(base, "theirs"))


@st.composite
def _edited(draw: st.DrawFn, base: SourceDocument, name: str) -> SourceDocument:
    lines = base.body.split("\n")
    for number, (at, removed, added) in enumerate(draw(EDITS)):
        lines[at : at + removed] = [f"{name} {number}.{line}" for line in range(added)]
    changes = draw(st.dictionaries(st.sampled_from(KEYS), st.one_of(SCALARS, st.just(REMOVED)), max_size=2))
    return read(base.edited(changes, body="\n".join(lines)))


def new_lines(side: SourceDocument, base: SourceDocument) -> set[str]:
    return set(side.body.split("\n")) - set(base.body.split("\n"))


@settings(max_examples=150, deadline=None)
@given(three())
def test_no_line_and_no_value_of_either_side_is_ever_lost(
    documents: tuple[SourceDocument, SourceDocument, SourceDocument],
) -> None:
    base, ours, theirs = documents
    result = merge(base, ours, theirs)
    if isinstance(result, Conflict):
        assert (result.ours, result.theirs) == (ours.raw, theirs.raw)
        assert result.clashes
        return
    after = read(result)
    lines = set(after.body.split("\n"))
    assert new_lines(ours, base) <= lines
    assert new_lines(theirs, base) <= lines
    for side in (ours, theirs):
        changed = {key: value for key, value in side.values.items() if base.values.get(key, REMOVED) != value}
        assert changed.items() <= {key: after.values.get(key) for key in changed}.items()
        assert not (base.values.keys() - side.values.keys()) & after.values.keys()


@settings(max_examples=100, deadline=None)
@given(three())
def test_with_one_side_unchanged_the_other_is_the_result(
    documents: tuple[SourceDocument, SourceDocument, SourceDocument],
) -> None:
    base, ours, _ = documents
    assert merge(base, ours, base) == ours.raw
    assert merge(base, base, ours) == ours.raw
    assert merge(base, ours, ours) == ours.raw


def test_a_long_text_is_merged_in_linear_time() -> None:
    def merge_long(size: int) -> None:
        base = "---\na: 1\n---\n" + "".join(f"line {number}\n\n" for number in range(size))
        result = merged(base.replace("line 10\n", "ours\n"), base.replace(f"line {size - 10}\n", "theirs\n"), base)
        assert isinstance(result, bytes)

    assert growth(merge_long, 20_000) < LINEAR
