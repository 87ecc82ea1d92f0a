"""What is written here is read by js-yaml, the parser of Astro and of most static sites, as it is meant."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.features.source.faithful.hands import KEYS, VALUES, Hand, hands
from tests.features.source.faithful.zoo import ZOO
from tests.features.source.js_yaml import JsYaml, js_yaml, told

from pressroom.features.source.faithful import read
from pressroom.kernel.text.frontmatter import split

pytestmark = pytest.mark.e2e
__all__ = ["js_yaml"]


@pytest.mark.parametrize("name", [name for name in ZOO if "+++" not in ZOO[name][0]])
def test_the_zoo_before_and_after(name: str, js_yaml: JsYaml) -> None:
    before, changes, after = ZOO[name]
    if split(before).format:
        assert js_yaml.load(before.encode()) == told(dict(read(before.encode()).values))
    read_back = js_yaml.load(after.encode())
    for key, value in changes.items():
        assert read_back.get(key) == told(value)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(hand=hands(), changes=st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=4))
def test_what_is_written_is_what_the_site_reads(js_yaml: JsYaml, hand: Hand, changes: dict[str, object]) -> None:
    after = read(hand.raw).edited(changes)
    wanted = {piece.key: piece.value for piece in hand.pieces} | changes
    assert js_yaml.load(after) == told(wanted)
