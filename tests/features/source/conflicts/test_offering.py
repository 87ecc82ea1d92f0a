"""Whoever saves too late is offered both sides' changes in one text, where they do not touch."""

from dataclasses import replace as exchanged
from typing import Any

import pytest
from tests.features.source.conflicts.both_sides import HELLO, BothSides
from tests.features.source.panel import POSTS, get, save

from pressroom.features.posts.words import Words
from pressroom.features.source.conflicts.offering import merged_fields
from pressroom.features.source.scanning import scan

SEEN = Words(title="T", slug="t", content="a\nb\nc\n", tags=("Python", "web"), frontmatter={"mood": "calm", "n": 1})


def offered(theirs: Words = SEEN, seen: Words = SEEN, **yours: Any) -> dict[str, Any] | None:
    return merged_fields(seen, yours, theirs)


def test_fields_and_lines_of_both_sides() -> None:
    theirs = SEEN.changed({"title": "Theirs", "content": "a\nb\nC\n", "frontmatter": {"mood": "gay", "n": 1}})
    made = offered(theirs, content="A\nb\nc\n", frontmatter={"mood": "calm", "n": 2}, description="D")
    assert made is not None
    assert (made["title"], made["content"], made["description"]) == ("Theirs", "A\nb\nC\n", "D")
    assert (made["frontmatter"], made["tags"], made["slug"]) == ({"mood": "gay", "n": 2}, ["Python", "web"], "t")


@pytest.mark.parametrize(
    ("theirs", "yours"),
    [
        ({"title": "Theirs"}, {"title": "Yours"}),
        ({"content": "a\nB\nc\n"}, {"content": "a\n2\nc\n"}),
        ({"tags": ("Python",)}, {"tags": ["web"]}),
        ({"content": ""}, {"content": "a\nb\nc\nd\n"}),
        ({"content": "x\n" * 1200}, {"title": "Yours"}),
    ],
)
def test_changes_that_touch_are_no_offer(theirs: dict[str, Any], yours: dict[str, Any]) -> None:
    assert offered(SEEN.changed(theirs), **yours) is None


def test_a_long_text_that_changed_a_little_is_offered() -> None:
    lines = [f"line {number}\n" for number in range(20_000)]
    seen = SEEN.changed({"content": "".join(lines)})
    theirs = SEEN.changed({"content": "".join([*lines, "theirs\n"])})
    made = offered(theirs, seen, content="".join(["yours\n", *lines]))
    assert made is not None
    assert made["content"] == "".join(["yours\n", *lines, "theirs\n"])


def test_other_spellings_and_line_ends_are_no_change() -> None:
    theirs = exchanged(SEEN, tags=("python", "WEB"), content="a\r\nb\r\nC\r\n")
    made = offered(theirs, tags=["Python"], content="A\nb\nc\n")
    assert made is not None
    assert (made["tags"], made["content"]) == (["Python"], "A\r\nb\r\nC\r\n")


async def test_a_change_on_disk_is_offered_together_with_the_save_it_refuses(both: BothSides) -> None:
    both.write("Three.", "Three, from the disk.")
    both.write("mood: calm", "mood: gay")
    refused = await save(both.editor, title="Mine")
    assert refused.status_code == 412
    merged = refused.json()["error"]["details"]["merged"]
    assert (merged["title"], merged["frontmatter"]) == ("Mine", {"mood": "gay"})
    await scan(both.services)
    accepted = await save(both.editor, **merged)
    assert accepted.status_code == 200, accepted.text
    assert both.text == HELLO.replace("'Hello'", "'Mine'").replace("calm", "gay").replace(
        "Three.", "Three, from the disk."
    )


async def test_what_somebody_saved_in_between_is_offered_together_with_yours(both: BothSides) -> None:
    seen = await get(both.editor)
    assert (await save(both.editor, title="Theirs")).status_code == 200
    match = {"If-Match": f'"{seen["version"]}"'}
    text = seen["content"].replace("One.", "Eins.")
    refused = await both.editor.patch(f"{POSTS}/hello", json={"content": text}, headers=match)
    assert refused.status_code == 412
    merged = refused.json()["error"]["details"]["merged"]
    assert (merged["title"], merged["content"]) == ("Theirs", text)
    touching = await both.editor.patch(f"{POSTS}/hello", json={"title": "Mine"}, headers=match)
    assert (touching.status_code, "merged" in touching.json()["error"]["details"]) == (412, False)


@pytest.mark.parametrize("tag", ['"999999999999999999"', '"0"', '"x"', '"1", "2"', '"²"'])
async def test_a_version_that_never_was_offers_nothing(both: BothSides, tag: str) -> None:
    await save(both.editor, title="Theirs")
    await save(both.editor, title="Theirs again")
    match = {b"If-Match": tag.encode()}
    refused = await both.editor.patch(f"{POSTS}/hello", json={"description": "Mine"}, headers=match)
    assert (refused.status_code, "merged" in refused.json()["error"]["details"]) == (412, False)


async def test_a_file_that_is_gone_or_unreadable_offers_nothing(both: BothSides) -> None:
    both.write("title: 'Hello'", "title: [")
    refused = await save(both.editor, title="Mine")
    assert (refused.status_code, "merged" in refused.json()["error"]["details"]) == (412, False)
    assert "title: [" in refused.json()["error"]["details"]["current"]["post"]["content"]
    both.file.unlink()
    gone = await save(both.editor, title="Mine")
    assert (gone.status_code, gone.json()["error"]["details"]["current"]["post"]) == (412, None)
