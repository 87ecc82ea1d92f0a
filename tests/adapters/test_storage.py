"""What every storage promises."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from pressroom.adapters.storage_local import LocalStorage
from pressroom.kernel.ports import Storage

MAKERS: dict[str, Callable[[Path], Storage]] = {"local": LocalStorage}


@pytest.fixture(params=MAKERS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    made = MAKERS[request.param](tmp_path / "objects")
    yield made
    await made.close()


@pytest.mark.parametrize("key", ["a.png", "a/b/c.png", "with space/grüße 世界.txt", "a%2fb"])
async def test_what_is_put_is_there_whole(storage: Storage, key: str) -> None:
    data = bytes(range(256)) * 4000
    await storage.put(key, data, content_type="image/png")
    assert await storage.get(key) == data
    found = await storage.find(key)
    assert found is not None
    assert (found.key, found.size) == (key, len(data))
    assert found.modified_at.tzinfo is not None


async def test_putting_again_replaces_and_changes_the_etag(storage: Storage) -> None:
    await storage.put("a", b"one")
    before = await storage.find("a")
    await storage.put("a", b"three")
    after = await storage.find("a")
    assert await storage.get("a") == b"three"
    assert before is not None
    assert after is not None
    assert before.etag != after.etag


async def test_what_is_not_there(storage: Storage) -> None:
    await storage.put("folder/object", b"")
    for key in ("nothing", "folder", "folder/object/below"):
        assert await storage.find(key) is None
        with pytest.raises(KeyError):
            await storage.get(key)
    await storage.delete("nothing")


async def test_deleting(storage: Storage) -> None:
    await storage.put("a", b"1")
    await storage.delete("a")
    await storage.delete("a")
    assert await storage.find("a") is None


async def test_listing(storage: Storage) -> None:
    for key in ("media/1", "media/deep/2", "mediation", "other"):
        await storage.put(key, b"x")
    assert {each.key async for each in storage.list()} == {"media/1", "media/deep/2", "mediation", "other"}
    assert {each.key async for each in storage.list("media")} == {"media/1", "media/deep/2"}
    assert [each async for each in storage.list("none")] == []


@pytest.mark.parametrize("key", ["../escaped", "a/../../escaped", "a//b", "a\0b", ""])
async def test_a_key_cannot_lead_out(storage: Storage, tmp_path: Path, key: str) -> None:
    with pytest.raises(Exception, match=r"(?i)pars|segment|filename"):
        await storage.put(key, b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_it_answers_and_leaves_nothing_behind(storage: Storage) -> None:
    await storage.check()
    assert [each async for each in storage.list()] == []


async def test_a_folder_that_cannot_be_made_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Exception, match=r"(?i)unable|exists|directory"):
        await LocalStorage(tmp_path / "taken").check()


async def test_many_may_ask_at_once_whether_it_can_be_written(storage: Storage) -> None:
    await asyncio.gather(*(storage.check() for _ in range(50)))
    assert [found async for found in storage.list()] == []
