from typing import Any

import pytest
from tests.features.posts.desk import POSTS, at, code, slugs, write
from tests.plugins.people import Person

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "/title"),
    ({"title": ""}, "/title"),
    ({"title": " \t "}, "/title"),
    ({"title": None}, "/title"),
    ({"title": 7}, "/title"),
    ({"title": "a" * 1_000_000}, "/title"),
    ({"title": "a\0b"}, "/title"),
    ({"title": "a\x08b"}, "/title"),
    ({"title": "x", "content": "a\0b"}, "/content"),
    ({"title": "x", "content": "a" * 1_000_001}, "/content"),
    ({"title": "x", "content": None}, "/content"),
    ({"title": "x", "tags": "not a list"}, "/tags"),
    ({"title": "x", "tags": ["ok", ""]}, "/tags/1"),
    ({"title": "x", "tags": ["t"] * 51}, "/tags"),
    ({"title": "x", "tags": ["a" * 101]}, "/tags/0"),
    ({"title": "x", "slug": "Not A Slug"}, "/slug"),
    ({"title": "x", "slug": "a/b"}, "/slug"),
    ({"title": "x", "slug": "a" * 101}, "/slug"),
    ({"title": "x", "visibility": "secret"}, "/visibility"),
    ({"title": "x", "published": "yesterday"}, "/published"),
    ({"title": "x", "published": "2024-02-30"}, "/published"),
    ({"title": "x", "published": "2024-02-03T10:00:00"}, "/published"),
    ({"title": "x", "published": 1700000000}, "/published"),
    ({"title": "x", "published": "0001-01-01"}, "/published"),
    ({"title": "x", "draft": "perhaps"}, "/draft"),
    ({"title": "x", "cover": "javascript:alert(1)"}, "/cover"),
    ({"title": "x", "sourceLink": "data:text/html,x"}, "/sourceLink"),
    ({"title": "x", "description": "a" * 1001}, "/description"),
    ({"title": "x", "frontmatter": []}, "/frontmatter"),
    ({"title": "x", "frontmatter": {"title": "hidden"}}, "/frontmatter"),
    ({"title": "x", "frontmatter": {"a": "\0"}}, "/frontmatter"),
    ({"title": "x", "frontmatter": {"a": "x" * 70_000}}, "/frontmatter"),
    ({"title": "x", "tilte": "typo"}, "/tilte"),
    ({"title": "x", "version": 3}, "/version"),
]


async def test_a_body_that_cannot_be_used_names_the_field(author: Person) -> None:
    for body, pointer in REFUSED:
        answer = await author.post(POSTS, json=body)
        told = f"{str(body)[:60]}: {answer.text[:500]}"
        assert (answer.status_code, code(answer)) == (422, "request.invalid"), told
        assert pointer in [field["pointer"] for field in answer.json()["error"]["details"]["fields"]], told
        assert len(answer.content) < 5_000, "what was sent is not sent back"
    assert await slugs(author, POSTS) == []


async def test_unknown_fields_are_refused_with_a_hint(author: Person) -> None:
    answer = await author.post(POSTS, json={"title": "x", "tilte": 1, "mood": 2, "word_count": 3, "version": 4})
    told = {field["pointer"]: field["message"] for field in answer.json()["error"]["details"]["fields"]}
    assert "did you mean `title`" in told["/tilte"]
    assert "inside `frontmatter`" in told["/mood"]
    assert "leave it out" in told["/version"]


@pytest.mark.parametrize("body", [b'{"title": "\\ud800"}', b"{", b"[]", b'"x"', b"\xff", b"[" * 100 + b"]" * 100])
async def test_a_body_that_is_no_object_is_refused(author: Person, body: bytes) -> None:
    answer = await author.post(POSTS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("ref", ["nothing", "%00", "a" * 101, "01900000-0000-7000-8000-000000000000", "%F0%9F%8E%89"])
async def test_a_reference_that_leads_nowhere_is_said_so(author: Person, ref: str) -> None:
    for method, body in (("GET", None), ("PATCH", {"title": "x"}), ("DELETE", None)):
        answer = await author.request(method, f"{POSTS}/{ref}", json=body, headers=at(1))
        assert answer.status_code in (404, 422), answer.text


@pytest.mark.parametrize("header", ["", "1", '"x"', "nonsense", '"1', '"0"'])
async def test_an_if_match_that_names_no_version_matches_none(author: Person, header: str) -> None:
    made = await write(author)
    answer = await author.patch(f"{POSTS}/{made['id']}", json={"title": "x"}, headers={"If-Match": header})
    assert answer.status_code == 412


async def test_text_that_no_person_writes_is_refused_and_nothing_is_stored(author: Person) -> None:
    answer = await author.post(POSTS, json={"title": "x", "content": "> " * 500 + "deep"})
    assert (answer.status_code, code(answer)) == (422, "posts.text_refused")
    assert await slugs(author, POSTS) == []


async def test_scripts_never_reach_readers(author: Person) -> None:
    made = await write(author, content="<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1))")
    for trace in ("<script", "onerror", "javascript:"):
        assert trace not in made["content_html"].replace("[a](javascript:alert(1))", "")


async def test_a_post_of_a_million_characters_is_taken(author: Person) -> None:
    made = await write(author, content="words " * 166_000)
    assert made["readingMetadata"]["wordCount"] == 166_000
