"""What tests of posts say often."""

from typing import Any

import httpx

POSTS = "/api/v1/admin/posts"
PUBLIC = "/api/v1/posts"


def at(version: int) -> dict[str, str]:
    """The header that names the version a writer saw."""
    return {"If-Match": f'"{version}"'}


async def write(writer: httpx.AsyncClient, title: str = "Hello", **fields: Any) -> dict[str, Any]:
    """Creates a post and gives it back."""
    made = await writer.post(POSTS, json={"title": title, **fields})
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


async def publish(writer: httpx.AsyncClient, title: str = "Hello", **fields: Any) -> dict[str, Any]:
    """Creates a post that readers see."""
    return await write(writer, title, draft=False, **fields)


async def slugs(reader: httpx.AsyncClient, path: str = PUBLIC, **query: Any) -> list[str]:
    """The addresses that a list answers, in its order."""
    listed = await reader.get(path, params=query)
    assert listed.status_code == 200, listed.text
    return [post["slug"] for post in listed.json()["data"]]


def code(answer: httpx.Response) -> str:
    """The code of a failure."""
    return str(answer.json()["error"]["code"])
