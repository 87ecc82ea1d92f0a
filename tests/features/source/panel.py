"""The panel's side of an attached folder: reading and saving through the API, and the moment after a save's commit."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from pressroom.features.source import manuscripts

POSTS = "/api/v1/admin/posts"
Rows = Callable[..., Awaitable[list[Any]]]


async def get(person: httpx.AsyncClient, ref: str = "hello") -> dict[str, Any]:
    found = await person.get(f"{POSTS}/{ref}")
    assert found.status_code == 200, found.text
    post: dict[str, Any] = found.json()
    return post


async def save(person: httpx.AsyncClient, ref: str = "hello", /, **fields: Any) -> httpx.Response:
    seen = (await get(person, ref))["version"]
    return await person.patch(f"{POSTS}/{ref}", json=fields, headers={"If-Match": f'"{seen}"'})


async def notes(rows: Rows, slug: str = "hello") -> list[str]:
    sql = "SELECT v.note FROM post_versions v JOIN posts p ON p.id = v.post_id WHERE p.slug = :slug ORDER BY v.version"
    return [row.note for row in await rows(sql, slug=slug)]


@contextmanager
def before_its_file(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Saves in here are committed, and their files are not written yet, as if they died then."""

    async def later(self: manuscripts.FolderManuscripts) -> None:
        del self

    with monkeypatch.context() as patched:
        patched.setattr(manuscripts.FolderManuscripts, "_write", later)
        yield
