import asyncio
from typing import Any

import httpx
import pytest
from tests.features.posts.desk import POSTS, PUBLIC, at, code, publish, slugs, write
from tests.plugins.people import Person, SignIn

from pressroom.kernel.auth import Role

FULL: dict[str, Any] = {
    "title": "  A  full post ",
    "published": "2024-02-03",
    "description": "What it is about",
    "tags": ["Python", "python", "写作"],
    "first_level_category": "Tech",
    "second_level_category": "Code",
    "author": "Ada Lovelace",
    "draft": True,
    "cover": "/media/cover.png",
    "sourceLink": "https://example.org/a",
    "licenseName": "CC BY 4.0",
    "licenseUrl": "https://creativecommons.org/licenses/by/4.0/",
    "readingMetadata": {"time": 99, "wordCount": 99},
    "content": "# Hello\n\nSome **bold** words.",
    "slug": "a-full-post",
    "visibility": "members",
    "frontmatter": {"series": {"name": "Press", "part": 2}},
}


async def test_every_field_comes_back_as_it_was_written(author: Person) -> None:
    made = await write(author, **FULL)
    expected = FULL | {
        "title": "A full post",
        "tags": ["Python", "写作"],
        "readingMetadata": {"time": 1, "wordCount": 4},
    }
    assert {name: made[name] for name in expected} == expected
    assert (made["status"], made["version"], made["author_name"]) == ("draft", 1, "Ada Lovelace")
    assert "<strong>bold</strong>" in made["content_html"]
    read = await author.get(f"{POSTS}/{made['id']}")
    assert read.json() == made
    assert read.headers["ETag"] == '"1"'
    assert (await author.get(f"{POSTS}/a-full-post")).json() == made


async def test_a_title_is_enough_and_nothing_goes_live_by_itself(author: Person, client: httpx.AsyncClient) -> None:
    made = await author.post(POSTS, json={"title": "你好 世界"})
    assert made.headers["Location"] == f"{POSTS}/{made.json()['id']}"
    assert (made.json()["slug"], made.json()["status"]) == ("ni-hao-shi-jie", "draft")
    assert (await client.get(f"{PUBLIC}/ni-hao-shi-jie")).status_code == 404
    assert await slugs(client) == []


async def test_a_patch_changes_what_it_names_and_nothing_else(author: Person) -> None:
    made = await write(author, **FULL)
    changed = await author.patch(f"{POSTS}/{made['id']}", json={"title": "Another"}, headers=at(1))
    assert changed.status_code == 200
    assert changed.headers["ETag"] == '"2"'
    same = [name for name in made if name not in ("title", "version")]
    assert {name: changed.json()[name] for name in same} == {name: made[name] for name in same}


async def test_a_put_empties_what_is_missing_but_never_opens_or_moves_a_post(author: Person) -> None:
    made = await write(author, **{**FULL, "draft": False})
    whole = (await author.put(f"{POSTS}/{made['id']}", json={"title": "Bare"}, headers=at(1))).json()
    assert (whole["tags"], whole["content"], whole["cover"], whole["frontmatter"]) == ([], "", None, {})
    assert (whole["slug"], whole["visibility"]) == ("a-full-post", "members")
    assert (whole["status"], whole["published"]) == ("published", "2024-02-03")


async def test_what_was_read_can_be_put_back(author: Person) -> None:
    made = await write(author, **FULL)
    body = {name: made[name] for name in FULL}
    again = await author.put(f"{POSTS}/{made['id']}", json=body, headers=at(1))
    assert again.json() == made, "the same words again change nothing, the version included"


async def test_a_write_must_say_what_it_saw(author: Person) -> None:
    made = await write(author)
    for answer in (
        await author.patch(f"{POSTS}/{made['id']}", json={"title": "Blind"}),
        await author.put(f"{POSTS}/{made['id']}", json={"title": "Blind"}),
        await author.delete(f"{POSTS}/{made['id']}"),
    ):
        assert (answer.status_code, code(answer)) == (428, "request.if_match_missing")
    assert (await author.get(f"{POSTS}/{made['id']}")).json() == made


async def test_a_late_write_gets_both_sides_back(author: Person) -> None:
    made = await write(author, content="first")
    await author.patch(f"{POSTS}/{made['id']}", json={"content": "second"}, headers=at(1))
    late = await author.patch(f"{POSTS}/{made['id']}", json={"content": "mine", "tags": ["x"]}, headers=at(1))
    assert (late.status_code, code(late)) == (412, "posts.changed")
    details = late.json()["error"]["details"]
    assert details["yours"] == {"if_match": ['"1"'], "post": {"content": "mine", "tags": ["x"]}}
    assert (details["current"]["version"], details["current"]["post"]["content"]) == (2, "second")
    assert (await author.get(f"{POSTS}/{made['id']}")).json()["content"] == "second"


@pytest.mark.parametrize("header", ['"1"', 'W/"1"', '"9", "1"', "*"])
async def test_every_way_to_name_a_version_is_understood(author: Person, header: str) -> None:
    made = await write(author)
    answer = await author.patch(f"{POSTS}/{made['id']}", json={"title": "New"}, headers={"If-Match": header})
    assert answer.status_code == 200


async def test_of_two_writers_who_saw_the_same_one_gets_through(author: Person) -> None:
    made = await write(author)
    answers = await asyncio.gather(
        *(author.patch(f"{POSTS}/{made['id']}", json={"title": f"By {n}"}, headers=at(1)) for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_other_programs_may_write_without_a_version_at_their_address(author: Person) -> None:
    made = await author.post("/api/admin/posts", json={"title": "From outside", "content": "one"})
    assert made.headers["Location"].startswith("/api/admin/posts/")
    ref = made.json()["slug"]
    answer = await author.put(f"/api/admin/posts/{ref}", json={"title": "From outside", "content": "two"})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    stale = await author.put(f"/api/admin/posts/{ref}", json={"title": "x"}, headers=at(1))
    assert stale.status_code == 412
    versions = (await author.get(f"/api/admin/posts/{ref}/versions")).json()
    assert [each["version"] for each in versions["data"]] == [2, 1], "the replaced text stays a version"
    assert "/api/admin/posts" not in (await author.get("/openapi.json")).text


ROUTES: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "", None),
    ("PUT", "", {"title": "x"}),
    ("PATCH", "", {"title": "x"}),
    ("DELETE", "", None),
    ("POST", "/publish", None),
    ("POST", "/schedule", {"at": "2030-01-01T00:00:00Z"}),
    ("POST", "/unpublish", None),
    ("POST", "/archive", None),
    ("POST", "/restore", None),
    ("POST", "/preview-links", None),
    ("GET", "/draft", None),
    ("PUT", "/draft", {"based_on": 1, "title": "x"}),
    ("DELETE", "/draft", None),
    ("GET", "/versions", None),
    ("GET", "/versions/1", None),
    ("GET", "/versions/diff?old=1&new=1", None),
    ("POST", "/versions/1/restore", None),
]


async def test_nobody_reaches_what_is_not_theirs(
    author: Person, member: Person, client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    stranger = await sign_in(Role.author, username="stranger")
    made = await write(author, content="Mine")
    for method, path, body in ROUTES:
        for who, status in ((client, 401), (member, 403), (stranger, 404)):
            for ref in (made["id"], made["slug"]):
                answer = await who.request(method, f"{POSTS}/{ref}{path}", json=body, headers=at(1))
                assert answer.status_code == status, (method, path, answer.text)
    for method in ("GET", "POST"):
        assert (await client.request(method, POSTS, json={"title": "x"})).status_code == 401
        assert (await member.request(method, POSTS, json={"title": "x"})).status_code == 403
    assert await slugs(stranger, POSTS) == []
    assert (await author.get(f"{POSTS}/{made['id']}")).json() == made


async def test_editors_change_the_posts_of_others(author: Person, editor: Person) -> None:
    made = await write(author)
    changed = await editor.patch(f"{POSTS}/{made['id']}", json={"title": "Edited"}, headers=at(1))
    assert changed.json()["author_id"] == made["author_id"]
    assert changed.json()["author_name"] == "Author"


async def test_a_byline_can_be_given_and_taken_back(author: Person, editor: Person) -> None:
    made = await write(author, author="Guest Writer")
    back = await editor.patch(f"{POSTS}/{made['id']}", json={"author": None}, headers=at(1))
    assert (made["author_name"], back.json()["author_name"]) == ("Guest Writer", "Author")


async def test_a_category_below_needs_one_above(author: Person) -> None:
    answer = await author.post(POSTS, json={"title": "x", "second_level_category": "Code"})
    assert (answer.status_code, code(answer)) == (422, "posts.category_incomplete")


async def test_the_editorial_list_filters_sorts_and_pages(author: Person, editor: Person) -> None:
    await write(editor, "Beta", tags=["C++"], first_level_category="Tech", second_level_category="Code")
    await publish(author, "Alpha", content="A hidden treasure", first_level_category="Tech")
    await write(author, "Gamma", visibility="members", content="Only for members: treasure")
    for query, expected in (
        ({"sort": "title"}, ["alpha", "beta", "gamma"]),
        ({"sort": "-title"}, ["gamma", "beta", "alpha"]),
        ({"status": "published"}, ["alpha"]),
        ({"visibility": "members"}, ["gamma"]),
        ({"tag": "c++"}, ["beta"]),
        ({"tag": "c-plus-plus"}, ["beta"]),
        ({"category": "Tech", "sort": "title"}, ["alpha", "beta"]),
        ({"category": "tech/code"}, ["beta"]),
        ({"author": author.id, "sort": "title"}, ["alpha", "gamma"]),
        ({"q": "treasure", "sort": "title"}, ["alpha", "gamma"]),
        ({"q": "  "}, []),
        ({"trash": "true"}, []),
    ):
        assert await slugs(editor, POSTS, **query) == expected, query
    assert await slugs(author, POSTS, sort="title") == ["alpha", "gamma"], "authors see their own"
    assert await slugs(author, POSTS, author=editor.id) == []


@pytest.mark.parametrize("sort", ["-updated_at", "created_at", "-published_at", "title"])
async def test_pages_follow_each_other_without_gaps(author: Person, sort: str) -> None:
    made = {(await write(author, f"Post {number}"))["slug"] for number in range(5)}
    seen: list[str] = []
    address: str | None = f"{POSTS}?limit=2&sort={sort}"
    while address:
        page = (await author.get(address)).json()
        seen += [post["slug"] for post in page["data"]]
        address = page["meta"]["next"]
        assert page["meta"]["total"] == 5
    assert (len(seen), set(seen)) == (5, made)


async def test_a_list_costs_the_same_however_long_it_is(author: Person, queries: list[str]) -> None:
    counts = []
    for number in range(6):
        await write(author, f"Post {number}", tags=[f"tag {number}"])
        queries.clear()
        await author.get(POSTS)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 3, "who asks, how many, and the page"


async def test_another_spelling_of_a_tag_is_the_same_tag_and_no_version(author: Person) -> None:
    fields: dict[str, Any] = {"tags": ["python", "Web"], "first_level_category": "Tech"}
    made = await write(author, **fields)
    spelled = {"tags": ["Python", "WEB"], "first_level_category": "TECH"}
    same = await author.patch(f"{POSTS}/{made['id']}", json=spelled, headers=at(1))
    assert (same.json()["version"], same.json()["tags"]) == (1, ["python", "Web"])
    more = await author.patch(f"{POSTS}/{made['id']}", json={"tags": ["PYTHON", "new"]}, headers=at(1))
    assert (more.json()["version"], more.json()["tags"]) == (2, ["python", "new"])
