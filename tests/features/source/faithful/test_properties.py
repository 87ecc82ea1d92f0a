"""For any front matter and any edit: it is read back as meant, and nothing else changed by a byte."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.features.source.faithful.hands import KEYS, TEXTS, VALUES, Hand, hands

from pressroom.features.source.faithful import REMOVED, read, same

ENOUGH = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ENOUGH
@given(hands())
def test_what_a_hand_wrote_is_read_and_saved_as_it_is(hand: Hand) -> None:
    document = read(hand.raw)
    wanted = {piece.key: piece.value for piece in hand.pieces}
    assert same(dict(document.values), wanted)
    assert document.edited(wanted, body=hand.body) == hand.raw


@ENOUGH
@given(hands(), st.data())
def test_setting_a_key_touches_its_value_alone(hand: Hand, data: st.DataObject) -> None:
    assume(hand.pieces)
    index = data.draw(st.integers(0, len(hand.pieces) - 1))
    piece, new = hand.pieces[index], data.draw(VALUES)
    after = read(hand.raw).edited({piece.key: new})
    assert same(dict(read(after).values), {each.key: each.value for each in hand.pieces} | {piece.key: new})
    before = hand.head + hand.lined("".join(each.text for each in hand.pieces[:index]) + piece.before.rstrip(" "))
    behind = hand.lined("".join(each.text for each in hand.pieces[index + 1 :])) + hand.tail
    assert after.decode().startswith(before)
    assert after.decode().endswith(hand.lined("\n") + behind)
    value = after.decode().removeprefix(before).removesuffix(behind)
    assert piece.after.strip() in value


@ENOUGH
@given(hands(), st.data())
def test_a_new_key_is_one_more_entry(hand: Hand, data: st.DataObject) -> None:
    used = {piece.key for piece in hand.pieces}
    key = data.draw(
        st.one_of(st.sampled_from([key for key in KEYS if key not in used]), TEXTS.filter(lambda k: k not in used))
    )
    new = data.draw(VALUES)
    after = read(hand.raw).edited({key: new}).decode()
    assert same(dict(read(after.encode()).values), {each.key: each.value for each in hand.pieces} | {key: new})
    texts = [hand.lined(each.text) for each in hand.pieces]
    cuts = [(hand.head + "".join(texts[:at]), "".join(texts[at:]) + hand.tail) for at in range(len(texts) + 1)]
    assert any(after.startswith(first) and after.endswith(last) for first, last in cuts)
    assert len(after) > len(hand.raw.decode())


@ENOUGH
@given(hands(), st.data())
def test_a_removed_key_takes_its_own_lines_with_it(hand: Hand, data: st.DataObject) -> None:
    assume(hand.pieces)
    index = data.draw(st.integers(0, len(hand.pieces) - 1))
    pieces = list(hand.pieces)
    gone = pieces.pop(index)
    above = gone.before[: gone.before.rfind("\n", 0, -1) + 1]
    after = read(hand.raw).edited({gone.key: data.draw(st.sampled_from([REMOVED, None]))})
    texts = [piece.text for piece in hand.pieces]
    texts[index] = above
    assert after.decode() == hand.head + hand.lined("".join(texts)) + hand.tail


@ENOUGH
@given(hands(), st.dictionaries(st.sampled_from(KEYS), st.one_of(VALUES, st.just(REMOVED)), max_size=5), TEXTS)
def test_many_changes_at_once_are_read_back(hand: Hand, changes: dict[str, object], body: str) -> None:
    document = read(hand.raw)
    wanted = dict(document.values) | changes
    after = read(document.edited(changes, body=body))
    assert same(dict(after.values), {key: value for key, value in wanted.items() if value is not REMOVED})
    assert after.has_bom == bool(hand.bom)
    assert after.edited(document.values, body=after.body) == read(after.raw).edited(document.values)
