"""TOML between plus signs is edited as faithfully as YAML."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.features.source.faithful.hands import DAYS, MOMENTS, TEXTS

from pressroom.features.source.faithful import REMOVED, read, same

NUMBERS = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(TEXTS, DAYS, MOMENTS, NUMBERS, st.booleans())
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b c", "新"]), SCALARS, max_size=2),
)
KEYS = st.sampled_from(["title", "date", "标题", "x.y", ""])


def written(value: object) -> str:
    """A value as one would write it by hand, for the tests' files."""
    match value:
        case str():
            text = _letter_by_letter(value)
        case datetime():
            text = value.astimezone(UTC).isoformat(" ")
        case list():
            text = "[\n" + "".join(f"  {written(item)}, # item\n" for item in value) + "]"
        case dict():
            text = "{" + ", ".join(f"{_letter_by_letter(key)} = {written(item)}" for key, item in value.items()) + "}"
        case _:
            text = str(value).lower() if isinstance(value, bool) else str(value)
    return text


def _letter_by_letter(text: str) -> str:
    return '"' + "".join(map(_letter, text)) + '"'


def _letter(letter: str) -> str:
    return letter if letter.isprintable() and letter not in '"\\' else f"\\U{ord(letter):08X}"


def lines(values: dict[str, object]) -> list[str]:
    return [f"{_letter_by_letter(key)}   = {written(value)} # {at}\n" for at, (key, value) in enumerate(values.items())]


TABLE = "[params] # p\n  k = 'v'\n\n[params.\"sub\"]\nz.y = 1 # dotted\n"
PARAMS = {"k": "v", "sub": {"z": {"y": 1}}}
FILES = st.dictionaries(KEYS, VALUES, max_size=4)
ENOUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ENOUGH
@given(FILES, KEYS, st.one_of(VALUES, st.just(REMOVED)))
def test_an_edit_is_read_back_and_every_other_line_stays(values: dict[str, object], key: str, new: object) -> None:
    written_lines = lines(values)
    raw = "".join(["+++\n", *written_lines, TABLE, "+++\nbody\n"]).encode()
    document = read(raw)
    assert same(dict(document.values), {**values, "params": PARAMS})
    assert document.edited(document.values) == raw
    after = document.edited({key: new})
    wanted = {**values, "params": PARAMS, key: new}
    assert same(dict(read(after).values), {name: value for name, value in wanted.items() if value is not REMOVED})
    at = list(values).index(key) if key in values else len(values)
    assert after.decode().startswith("+++\n" + "".join(written_lines[:at]))
    assert after.decode().endswith("".join(written_lines[at + 1 :]) + TABLE + "+++\nbody\n")


def test_an_item_changes_while_its_neighbour_with_a_comment_goes() -> None:
    raw = b'+++\ntags = [\n  "a", # one\n  "b", # two\n]\n+++\n'
    assert read(raw).edited({"tags": ["c"]}) == b'+++\ntags = [\n  "c", # one\n]\n+++\n'


@ENOUGH
@given(st.dictionaries(st.sampled_from(["k", "n", "sub"]), VALUES, max_size=3))
def test_tables_are_edited_at_their_leaves(params: dict[str, object]) -> None:
    params["sub"] = {"z": {"y": 2, "new": params.get("n", 1)}}
    raw = f"+++\n{TABLE}+++\n".encode()
    after = read(raw).edited({"params": params})
    assert same(read(after).values["params"], params)
    assert after.decode().endswith('[params."sub"]\nz.y = 2 # dotted\n' + after.decode().partition("# dotted\n")[2])
