"""Files as people really write them: one edit each, and nothing else changes."""

import pytest
from tests.features.source.faithful.zoo import ZOO

from pressroom.features.source.faithful import read
from pressroom.kernel.text.frontmatter import split


@pytest.mark.parametrize("name", ZOO)
def test_one_edit_changes_nothing_else(name: str) -> None:
    before, changes, after = ZOO[name]
    assert read(before.encode()).edited(changes).decode() == after


@pytest.mark.parametrize("name", ZOO)
def test_opening_and_saving_changes_no_byte(name: str) -> None:
    raw = ZOO[name][0].encode()
    document = read(raw)
    assert document.raw == raw
    assert document.edited({}) == raw
    assert document.edited(document.values, body=document.body) == raw


@pytest.mark.parametrize("name", ZOO)
def test_an_edit_of_the_body_leaves_the_rest(name: str) -> None:
    source = ZOO[name][0]
    document = read(source.encode())
    after = read(document.edited({}, body="# 新\n\n---\n\ntext"))
    assert (after.values, after.body) == (document.values, "# 新\n\n---\n\ntext")
    assert after.raw.startswith(source.removesuffix(split(source).body).encode())
