"""A development server beside us (`astro dev`): what a save looks like to somebody else who watches the folder."""

import asyncio
from contextlib import aclosing
from itertools import pairwise
from pathlib import Path

import httpx
from watchfiles import Change, awatch

EDITORIAL = "/api/v1/admin/posts"


class Neighbour:
    """Notes each event of a name that is not hidden, which file it was, and what it held at that moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stands = asyncio.Event()
        self.events: list[tuple[str, str, str]] = []
        self.files: list[int] = []

    async def watch(self) -> None:
        told = awatch(self._folder, step=10, debounce=50, watch_filter=None, rust_timeout=50, yield_on_timeout=True)
        async with aclosing(told) as batches:
            async for batch in batches:
                self._stands.set()
                for change, path in sorted(batch):
                    if not Path(path).name.startswith("."):
                        self._note(change, Path(path))

    def _note(self, change: Change, path: Path) -> None:
        words = path.read_text() if path.exists() else ""
        self.files.append(path.stat().st_ino if path.exists() else 0)
        self.events.append((change.name, path.relative_to(self._folder).as_posix(), words))

    async def stands(self) -> None:
        await asyncio.wait_for(self._stands.wait(), 10)


async def test_a_save_is_one_event_of_the_final_name_and_the_file_is_whole(
    attached: Path, editor: httpx.AsyncClient
) -> None:
    neighbour = Neighbour(attached)
    watching = asyncio.create_task(neighbour.watch())
    await neighbour.stands()
    saves = 10
    for number in range(saves):
        seen = (await editor.get(f"{EDITORIAL}/hello")).headers["etag"]
        body = {"content": f"\nLine {number}.\n" * 5_000}
        saved = await editor.patch(f"{EDITORIAL}/hello", json=body, headers={"If-Match": seen})
        assert saved.status_code == 200, saved.text
        await asyncio.sleep(0.3)  # apart, so that each is an event of its own
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert [path for _, path, _ in neighbour.events] == ["hello.md"] * saves
    assert not [change for change, _, _ in neighbour.events if change == "deleted"]
    assert all(one != other for one, other in pairwise(neighbour.files)), "replaced; nobody meets a file half written"
    for number, (_, _, words) in enumerate(neighbour.events):
        assert words.endswith(f"\nLine {number}.\n" * 5_000), "the whole file, at the first event"


async def test_a_new_post_and_a_delete_are_one_event_each(attached: Path, editor: httpx.AsyncClient) -> None:
    neighbour = Neighbour(attached)
    watching = asyncio.create_task(neighbour.watch())
    await neighbour.stands()
    made = await editor.post(EDITORIAL, json={"title": "New", "content": "Words.\n"})
    assert (await editor.post(f"{EDITORIAL}/new/publish", headers={"If-Match": '"1"'})).status_code == 200
    await asyncio.sleep(0.3)
    assert (await editor.delete(f"{EDITORIAL}/new", headers={"If-Match": "*"})).status_code == 204
    await asyncio.sleep(0.3)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert made.status_code == 201
    assert [(change, path) for change, path, _ in neighbour.events] == [("added", "new.md"), ("deleted", "new.md")]
