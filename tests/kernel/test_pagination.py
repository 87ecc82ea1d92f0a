"""Cursors are opaque, and only our own are taken; the next page's address keeps what was asked."""

import base64

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.kernel.errors import InvalidCursor
from pressroom.kernel.pagination import decode_cursor, encode_cursor, next_address

parts = st.lists(
    st.none()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
)


@given(parts)
def test_a_cursor_comes_back_as_it_was(position: list[str | int | None]) -> None:
    assert decode_cursor(encode_cursor(*position), fields=len(position)) == position


def forged(value: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("", "x", "===", "世界", "a b", "\0", forged({"a": 1}), forged("a"), forged([1, 2]), forged([[1]])),
        *(forged([2**63]), forged(["a\0b"]), forged([{}]), forged([1.5])),
    ],
)
def test_what_no_list_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor, fields=1)


@given(st.text())
def test_any_text_is_a_cursor_or_refused(cursor: str) -> None:
    try:
        decode_cursor(cursor, fields=1)
    except InvalidCursor:
        return


def test_the_next_page_keeps_the_question() -> None:
    query = "tag=a%26b&offset=20&limit=5&q=%E4%B8%96&tag=c"
    assert next_address("/x", query, offset=25) == "/x?tag=a%26b&limit=5&q=%E4%B8%96&tag=c&offset=25"
    assert (
        next_address("/x", f"{query}&cursor=old", cursor="new") == "/x?tag=a%26b&limit=5&q=%E4%B8%96&tag=c&cursor=new"
    )
