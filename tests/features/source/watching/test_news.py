"""Which changes on disk are worth a scan."""

from pathlib import Path

import httpx
import pytest

from pressroom.features.source.scanning import scan
from pressroom.features.source.watching.news import MANY, is_news
from pressroom.kernel.services import Services

HELLO = "/api/v1/admin/posts/hello"


async def save(editor: httpx.AsyncClient, title: str) -> None:
    seen = (await editor.get(HELLO)).headers["etag"]
    saved = await editor.patch(HELLO, json={"title": title}, headers={"If-Match": seen})
    assert saved.status_code == 200, saved.text


async def test_our_own_save_is_none(services: Services, attached: Path, editor: httpx.AsyncClient) -> None:
    before = (attached / "hello.md").read_bytes()
    await save(editor, "Bye")
    assert (attached / "hello.md").read_bytes() != before
    assert not await is_news(services, attached, ["hello.md"])


async def test_our_own_delete_is_none(services: Services, attached: Path, editor: httpx.AsyncClient) -> None:
    seen = (await editor.get(HELLO)).headers["etag"]
    assert (await editor.delete(HELLO, headers={"If-Match": seen})).status_code == 204
    assert not (attached / "hello.md").exists()
    assert not await is_news(services, attached, ["hello.md"])


async def test_somebody_else_s_change_is(services: Services, attached: Path) -> None:
    assert not await is_news(services, attached, ["hello.md", "deep/other.md"])
    (attached / "deep" / "other.md").write_text("Changed.\n")
    assert await is_news(services, attached, ["hello.md", "deep/other.md"])


@pytest.mark.parametrize("change", ["new", "gone", "back"])
async def test_files_that_come_and_go_are(services: Services, attached: Path, change: str) -> None:
    path = attached / ("new.md" if change == "new" else "hello.md")
    if change == "new":
        path.write_text("New.\n")
    else:
        path.rename(attached / "kept")
    if change == "back":
        await scan(services)
        (attached / "kept").rename(path)
    assert await is_news(services, attached, [path.name])


async def test_a_link_is_none(services: Services, attached: Path) -> None:
    (attached / "link.md").symlink_to("hello.md")
    assert not await is_news(services, attached, ["link.md"])


async def test_a_file_that_was_listed_is_once_it_changes_even_back_to_what_it_was(
    services: Services, attached: Path
) -> None:
    words = (attached / "hello.md").read_text()
    (attached / "hello.md").write_text("")
    assert list((await scan(services)).failed) == ["hello.md"]
    (attached / "hello.md").write_text(words)
    assert await is_news(services, attached, ["hello.md"])


async def test_many_files_at_once_are_left_to_the_scan(services: Services, attached: Path) -> None:
    assert not await is_news(services, attached, [f"{number}.md" for number in range(MANY)])
    assert await is_news(services, attached, [f"{number}.md" for number in range(MANY + 1)])
