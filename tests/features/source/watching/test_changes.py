"""What the system tells of a folder, with a real folder and a real kernel."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from tests.plugins.limits import Limited

from pressroom.features.source.disk import write_atomically
from pressroom.features.source.watching.changes import Changes, WatchFailed, changes_in

POST = "---\ntitle: Hello\n---\nWords.\n"
PATIENCE = 10.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "posts"
    (made / "deep").mkdir(parents=True)
    (made / "hello.md").write_text(POST)
    (made / "deep" / "other.md").write_text(POST)
    return made


class Watch:
    """A watch that stands."""

    def __init__(self, told: AsyncIterator[Changes]) -> None:
        self._told = told

    async def next(self) -> Changes:
        """The next batch; a second in which nothing happened is an empty one."""
        async with asyncio.timeout(PATIENCE):
            return await anext(self._told)

    async def until(self, holds: Callable[[Changes], bool]) -> Changes:
        while True:
            changes = await self.next()
            if holds(changes):
                return changes


@asynccontextmanager
async def watching(folder: Path, *, polling: bool = False) -> AsyncIterator[Watch]:
    async with aclosing(changes_in(folder, polling=polling)) as told:
        watch = Watch(told)
        begin = await watch.next()
        assert begin.anything, "what happened before the watch stood is anybody's guess"
        yield watch


@pytest.mark.parametrize("path", ["hello.md", "deep/other.md", "new.mdx", "with a space.markdown"])
async def test_a_saved_file_is_told_by_its_path(folder: Path, path: str) -> None:
    async with watching(folder) as watch:
        (folder / path).write_text(POST + "More.\n")
        assert await watch.next() == Changes(frozenset({path}))


async def test_a_file_that_is_replaced_is_one_change_of_its_name(folder: Path) -> None:
    async with watching(folder) as watch:
        write_atomically(folder / "hello.md", b"---\ntitle: Bye\n---\n")
        assert await watch.next() == Changes(frozenset({"hello.md"}))
        assert await watch.next() == Changes()


async def test_a_burst_is_one_batch(folder: Path) -> None:
    async with watching(folder) as watch:
        for number in range(300):
            (folder / f"post-{number}.md").write_text(POST)
        assert len((await watch.next()).files) == 300
        assert await watch.next() == Changes()


async def test_what_is_passed_over_is_no_change(folder: Path) -> None:
    (folder / "node_modules" / "pkg").mkdir(parents=True)
    (folder / ".git").mkdir()
    async with watching(folder) as watch:
        (folder / "node_modules" / "pkg" / "README.md").write_text(POST)
        (folder / ".git" / "notes.md").write_text(POST)
        (folder / ".hello.md.swp").write_text("vim")
        (folder / ".hidden.md").write_text(POST)
        (folder / ".obsidian").mkdir()
        (folder / "hello.md~").write_text("a backup")
        (folder / "picture.png").write_bytes(b"png")
        (folder / "node_modules" / "other").mkdir()
        for _ in range(2):
            assert await watch.next() == Changes()


async def test_a_new_folder_may_hold_anything_and_is_watched_from_then_on(folder: Path) -> None:
    async with watching(folder) as watch:
        (folder / "new" / "deeper").mkdir(parents=True)
        (folder / "new" / "deeper" / "post.md").write_text(POST)
        assert (await watch.next()).anything
        assert (await watch.next()).anything, "its files may have been there before its watch"
        (folder / "new" / "deeper" / "post.md").write_text(POST + "More.\n")
        assert await watch.next() == Changes(frozenset({"new/deeper/post.md"}))


async def test_a_moved_folder_may_hold_anything_under_its_new_name(folder: Path) -> None:
    async with watching(folder) as watch:
        (folder / "deep").rename(folder / "moved")
        assert (await watch.next()).anything
        assert (await watch.next()).anything
        (folder / "moved" / "other.md").write_text(POST + "More.\n")
        assert await watch.next() == Changes(frozenset({"moved/other.md"}))


async def test_a_folder_that_goes_is_told(folder: Path) -> None:
    async with watching(folder) as watch:
        folder.rename(folder.with_name("unmounted"))
        with pytest.raises(FileNotFoundError):
            await watch.until(lambda _: False)


async def test_another_folder_of_the_same_name_is_watched_instead(folder: Path) -> None:
    async with watching(folder) as watch:
        folder.rename(folder.with_name("old"))
        shutil.copytree(folder.with_name("old"), folder)
        assert (await watch.until(lambda changes: changes.anything)).anything
        await watch.until(lambda changes: changes == Changes())
        (folder / "hello.md").write_text(POST + "More.\n")
        assert (await watch.until(lambda changes: bool(changes.files))).files == {"hello.md"}


async def test_polling_notices_too(folder: Path) -> None:
    async with watching(folder, polling=True) as watch:
        write_atomically(folder / "hello.md", b"---\ntitle: A longer title\n---\n")
        found = await watch.until(lambda changes: changes != Changes())
        assert found == Changes(frozenset({"hello.md"})), "a folder that is only written into is the same folder"


async def test_a_name_that_is_no_text_ends_the_watch_with_its_reason(folder: Path) -> None:
    async with watching(folder) as watch:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text(POST)
        with pytest.raises(WatchFailed, match="decode"):
            await watch.until(lambda _: False)


LIMITED = """
import asyncio, json, sys
from pathlib import Path
from pressroom.features.source.watching.changes import WatchFailed, changes_in
from pressroom.features.source.watching.trouble import advice_for, is_limit

async def main():
    try:
        await anext(changes_in(Path(sys.argv[1]), polling=False))
    except (OSError, WatchFailed) as error:
        print(json.dumps([is_limit(error), advice_for(error)]))

asyncio.run(main())
"""


@pytest.mark.parametrize("limit", ["max_inotify_watches", "max_inotify_instances"])
def test_the_system_s_limit_is_named_with_what_raises_it(folder: Path, limit: str, limited: Limited) -> None:
    done = limited(limit, [sys.executable, "-c", LIMITED, str(folder)])
    is_limit, advice = json.loads(done.stdout)
    assert is_limit
    assert "fs.inotify.max_user_watches" in advice
