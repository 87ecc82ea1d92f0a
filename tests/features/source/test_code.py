"""An .mdx file runs when the site is built: whoever may not run code there may not write one, by whatever way."""

from typing import Any

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.source.astro import GOOD, Blog
from tests.plugins.people import Person

from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services

POSTS = "/api/v1/admin/posts"
BODY: dict[str, Any] = {"title": "Mine", "published": "2024-02-03", "description": "D", "first_level_category": "Craft"}


@pytest.fixture
async def code(services: Services, blog: Blog, clock: MovableClock) -> Blog:
    """A site whose only post is code."""
    blog.write(GOOD, "hello.mdx")
    (blog.posts / "hello.md").unlink()
    await attach(services, recognise(blog.root))
    clock.move(minutes=1)
    return blog


async def post(person: httpx.AsyncClient, ref: str = "hello") -> dict[str, Any]:
    found: dict[str, Any] = (await person.get(f"{POSTS}/{ref}")).json()
    return found


CODE = {"content": "<script/>"}
# Every way in which a post is written: method, the end of the address, body.
WAYS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "edit": ("PATCH", "", CODE),
    "replace": ("PUT", "", BODY | CODE),
    "take the draft": ("PATCH", "", {"take_draft": 1}),
    "publish the draft": ("POST", "/publish", {"take_draft": 1}),
    "restore a version": ("POST", "/versions/1/restore", None),
    "publish": ("POST", "/publish", None),
    "unpublish": ("POST", "/unpublish", None),
    "schedule": ("POST", "/schedule", {"at": "2030-01-01T00:00:00Z"}),
    "archive": ("POST", "/archive", None),
    "delete": ("DELETE", "", None),
}


async def send(person: httpx.AsyncClient, way: str, version: int) -> httpx.Response:
    method, ending, body = WAYS[way]
    if body and "take_draft" in body:
        typed = await person.put(f"{POSTS}/hello/draft", json=CODE | {"based_on": version})
        assert typed.status_code == 200, "what is only typed runs nowhere"
    return await person.request(method, f"{POSTS}/hello{ending}", json=body, headers={"If-Match": f'"{version}"'})


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_of_writing_is_open_to_an_editor(code: Blog, editor: Person, admin: Person, way: str) -> None:
    assert (await admin.patch(f"{POSTS}/hello", json={"content": "\nNewer.\n"}, headers={"If-Match": '"1"'})).is_success
    before, seen = await post(admin), code.read("hello.mdx")
    refused = await send(editor, way, before["version"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "source.code_for_admins")
    assert (code.read("hello.mdx"), await post(admin)) == (seen, before)
    allowed = await send(admin, way, before["version"])
    assert allowed.is_success, allowed.text


async def test_an_editor_does_not_bring_code_back_from_the_trash(code: Blog, editor: Person, admin: Person) -> None:
    found = await post(admin)
    assert (await send(admin, "delete", found["version"])).status_code == 204
    refused = await editor.post(f"{POSTS}/{found['id']}/restore")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "source.code_for_admins")
    assert list(code.posts.iterdir()) == []
    assert (await admin.post(f"{POSTS}/{found['id']}/restore")).status_code == 200
    assert code.read("hello.mdx") == GOOD


@pytest.mark.parametrize("fields", [{"title": "evil.mdx"}, {"title": "Evil", "slug": "evil.mdx"}])
async def test_whatever_a_new_post_is_called_its_file_is_no_code(
    attached_blog: Blog, editor: Person, fields: dict[str, str]
) -> None:
    made = await editor.post(POSTS, json=BODY | fields)
    assert made.status_code in (201, 422)
    renamed = await editor.patch(f"{POSTS}/hello", json={"slug": "hello.mdx"}, headers={"If-Match": '"1"'})
    assert renamed.status_code == 422
    assert [path.suffix for path in attached_blog.posts.iterdir() if path.suffix != ".md"] == []


async def test_a_post_whose_file_has_become_code_is_an_editors_no_more(
    attached_blog: Blog, services: Services, editor: Person, admin: Person
) -> None:
    assert (await send(editor, "edit", 1)).status_code == 200
    (attached_blog.posts / "hello.md").rename(attached_blog.posts / "hello.mdx")
    await scan(services)
    assert (await post(editor))["manuscript"]["file"] == "hello.mdx"
    version = (await post(editor))["version"]
    for way in ("edit", "restore a version"):
        assert (await send(editor, way, version)).status_code == 403
    assert (await send(admin, "restore a version", version)).status_code == 200
