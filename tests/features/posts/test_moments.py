"""Dates and times at their edges: the ends of the calendar, and midnight in other zones."""

import base64
import json

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, write
from tests.plugins.people import Person

from pressroom.features.posts.importing.reading import Read, Refused, read_data
from pressroom.features.posts.typeset import House


@pytest.mark.parametrize("name", ["date", "lastmod", "published"])
@pytest.mark.parametrize(
    "written",
    ["0001-01-01T00:00:00+08:00", '"0001-01-01T00:00:00+08:00"', "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"],
)
def test_a_file_whose_date_no_calendar_holds_is_read_and_says_so(name: str, written: str) -> None:
    found = read_data("a.md", f"---\ntitle: A\n{name}: {written}\n---\n".encode(), House())
    assert isinstance(found, Read)
    assert f"`{name}` cannot be used as it is" in found.notes


def test_a_number_that_no_column_holds_is_named() -> None:
    found = read_data("a.md", b"+++\nn = " + b"1" * 400 + b"\n+++\n", House())
    assert isinstance(found, Refused)
    assert "a value that cannot be kept" in found.reason


def test_whatever_else_is_odd_about_a_file_keeps_no_other_one_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("pressroom.features.posts.importing.reading.map_front", fail)
    found = read_data("a.md", b"words", House())
    assert isinstance(found, Refused)
    assert "ZeroDivisionError" in found.reason


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
async def test_neither_cursors_nor_schedules_reach_over_the_ends(
    author: Person, client: httpx.AsyncClient, moment: str
) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(["-published_at", moment, "0" * 32]).encode()).decode().rstrip("=")
    assert code(await client.get(PUBLIC, params={"cursor": cursor})) == "request.invalid_cursor"
    made = await write(author)
    refused = await author.post(f"{POSTS}/{made['id']}/schedule", json={"at": moment})
    assert refused.status_code == 422


async def test_midnight_elsewhere_is_a_moment_and_no_date(author: Person) -> None:
    made = await write(author)
    answered = await author.post(f"{POSTS}/{made['id']}/schedule", json={"at": "2030-05-01T00:00:00+08:00"})
    assert answered.json()["published_at"] == "2030-04-30T16:00:00Z"
    assert answered.json()["published"] == "2030-04-30T16:00:00Z"


async def test_publishing_what_is_typed_publishes_a_scheduled_post_now(author: Person, clock: MovableClock) -> None:
    made = await write(author)
    ref = f"{POSTS}/{made['id']}"
    await author.post(f"{ref}/schedule", json={"at": "2030-05-01T10:00:00Z"})
    await author.put(f"{ref}/draft", json={"based_on": 2, "content": "Newer", "published": "2030-05-01T10:00:00Z"})
    done = (await author.post(f"{ref}/publish", json={"take_draft": 1})).json()
    assert (done["status"], done["content"], done["published_at"]) == ("published", "Newer", "2026-03-01T12:00:00Z")


async def test_another_date_that_is_typed_is_waited_for(author: Person) -> None:
    ref = f"{POSTS}/{(await write(author))['id']}"
    await author.post(f"{ref}/schedule", json={"at": "2030-05-01T10:00:00Z"})
    await author.put(f"{ref}/draft", json={"based_on": 2, "published": "2031-05-01"})
    done = (await author.post(f"{ref}/publish", json={"take_draft": 1})).json()
    assert (done["status"], done["published_at"]) == ("scheduled", "2031-05-01T00:00:00Z")


@pytest.mark.parametrize("cover", ["https://[x", "//[", "http://[::1"])
async def test_a_cover_that_is_no_address_is_refused(author: Person, cover: str) -> None:
    refused = await author.post(POSTS, json={"title": "A", "cover": cover})
    assert refused.status_code == 422
    assert "not an address" in refused.text
    made = await publish(author)
    assert (await author.patch(f"{POSTS}/{made['id']}", json={"cover": cover}, headers=at(1))).status_code == 422
