"""A first look at a folder: rows first, what is made from the words afterwards, and nothing half through any kill."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from tests.features.posts.desk import POSTS, PUBLIC, slugs
from tests.plugins.people import Person
from tests.plugins.publication import clean_environ

from pressroom.features.posts import workers
from pressroom.features.posts.settings import PostsSettings
from pressroom.features.source import scanning
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import ScanReport, scan
from pressroom.features.source.service import attach
from pressroom.kernel.clock import SystemClock
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

MANY = 2_000
Rows = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "blog"
    made.mkdir()
    for day in range(1, 8):
        write(made, f"day-{day}", day=day)
    return made


def write(folder: Path, name: str, *, day: int = 1, words: str = "Some **words**.") -> None:
    front = f"title: {name.title()}\npublished: 2024-02-{day:02}\ntags: [a, b]\n"
    (folder / f"{name}.md").write_text(f"---\n{front}---\n\n{words}\n")


async def look(services: Services, folder: Path) -> ScanReport:
    return await attach(services, recognise(folder))


async def test_a_look_takes_the_words_in_and_a_job_does_the_rest(
    services: Services, folder: Path, client: httpx.AsyncClient, editor: Person, runner: Runner, rows: Rows
) -> None:
    report = await look(services, folder)
    assert (report.created, report.failed) == (7, {})
    assert len(await slugs(editor, POSTS)) == 7
    assert await slugs(client) == []
    assert [row.state for row in await rows("SELECT state FROM jobs WHERE kind = 'posts.typeset'")] == ["queued"]
    await runner.run_until_idle()
    assert await slugs(client) == [f"day-{day}" for day in range(7, 0, -1)]
    again = await scan(services)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 7)


async def test_a_file_that_changes_before_its_post_is_whole_is_a_version_of_it(
    services: Services, folder: Path, client: httpx.AsyncClient, rows: Rows
) -> None:
    await look(services, folder)
    write(folder, "day-3", day=3, words="Other words, and more of them.")
    assert (await scan(services)).updated == 1
    assert "Other words" in (await client.get(f"{PUBLIC}/day-3")).json()["content_html"]
    sql = "SELECT v.word_count FROM post_versions v JOIN posts p ON p.id = v.post_id WHERE p.slug = 'day-3'"
    assert [row.word_count for row in await rows(f"{sql} ORDER BY v.version")] == [2, 6]


async def test_files_that_go_or_move_before_their_posts_are_whole(
    services: Services, folder: Path, client: httpx.AsyncClient, runner: Runner
) -> None:
    await look(services, folder)
    (folder / "day-1.md").unlink()
    (folder / "day-2.md").rename(folder / "moved.md")
    report = await scan(services)
    assert (report.archived, report.renamed, report.created) == (1, 1, 0)
    await runner.run_until_idle()
    assert await slugs(client) == [f"day-{day}" for day in range(7, 1, -1)]


async def test_a_text_that_cannot_be_rendered_is_listed_by_the_look_itself(services: Services, folder: Path) -> None:
    write(folder, "quoted", words="> " * 200 + "deep")
    (folder / "listed.md").write_text("\n".join(f"{'  ' * depth}- x" for depth in range(80)))
    report = await look(services, folder)
    assert report.created == 7
    assert sorted(report.failed) == ["listed.md", "quoted.md"]
    assert "nested" in report.failed["quoted.md"]


async def test_processes_read_the_same_as_a_thread(
    services: Services, folder: Path, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr(workers, "FEW", 0)
    monkeypatch.setattr(scanning, "_READING", 1)
    monkeypatch.setattr(scanning, "_HERE", 0)
    monkeypatch.setattr(scanning, "BATCH", 2)
    assert (await look(services, folder)).created == 7
    tags = await rows("SELECT CAST(tags AS TEXT) AS tags FROM posts")
    assert [[tag["name"] for tag in json.loads(row.tags)] for row in tags] == [["a", "b"]] * 7


class Attaching:
    """`pressroom site attach` in a process of its own, over the database that the test looks into."""

    def __init__(self, services: Services, folder: Path, environ: dict[str, str]) -> None:
        data = str(services.settings.data)
        self._command = [sys.executable, "-m", "pressroom", "--data", data, "site", "attach", str(folder), "--yes"]
        self._environ = clean_environ() | environ | {"PRESSROOM_POSTS__WELCOME": "false"}

    async def kill_when(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Kills it with -9 as soon as this holds; the processes that helped it end by themselves."""
        process = subprocess.Popen(
            [*self._command, "--json"], env=self._environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        async with asyncio.timeout(60):
            while not await holds():
                assert process.poll() is None, "it ended before it could be killed"
                await asyncio.sleep(0.002)
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        gone, alive = psutil.wait_procs(helpers, timeout=20)
        assert (bool(gone), alive) == (True, [])

    def finish(self) -> dict[str, Any]:
        done = subprocess.run(
            [*self._command, "--json"], env=self._environ, check=True, capture_output=True, text=True, timeout=100
        )
        report: dict[str, Any] = json.loads(done.stdout)
        return report


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.mark.e2e
async def test_kills_in_the_first_look_and_in_the_typesetting_leave_no_half_post(
    services: Services, folder: Path, database_environ: dict[str, str], rows: Rows
) -> None:
    for number in range(7, MANY):
        write(folder, f"post-{number}", day=number % 28 + 1)
    attaching = Attaching(services, folder, database_environ)

    await attaching.kill_when(lambda: some(rows, "SELECT 1 FROM posts LIMIT 1"))
    taken_in = len(await rows("SELECT id FROM posts"))
    assert taken_in < MANY, "the kill came too late to prove anything"
    assert taken_in % scanning.BATCH == 0, "batches are whole"
    sql = "SELECT f.path FROM source_files f JOIN posts p ON p.id = f.post_id JOIN post_versions v ON v.post_id = p.id"
    assert len(await rows(sql)) == taken_in

    await attaching.kill_when(lambda: some(rows, "SELECT 1 FROM posts WHERE is_typeset LIMIT 1"))
    whole = await check_whole(services, rows)
    assert len(await rows("SELECT id FROM posts")) == MANY
    assert 0 < whole < MANY

    report = await asyncio.to_thread(attaching.finish)
    assert (report["created"], report["unchanged"]) == (0, MANY)
    assert await check_whole(services, rows) == MANY
    assert len(await rows("SELECT id FROM post_versions")) == MANY


async def some(rows: Rows, sql: str) -> bool:
    return bool(await rows(sql))


async def check_whole(services: Services, rows: Rows) -> int:
    """Each post is whole and public, or neither, and the search knows the whole ones. Returns how many are."""
    whole = "is_typeset AND public_at IS NOT NULL AND content_html LIKE '<p>%' AND word_count = 2"
    left = "NOT is_typeset AND public_at IS NULL AND content_html = ''"
    assert await rows(f"SELECT slug FROM posts WHERE NOT ({whole}) AND NOT ({left})") == []  # noqa: S608  # constants
    found = len(await rows(f"SELECT id FROM posts WHERE {whole}"))  # noqa: S608  # the same
    index = "post_search_rows" if services.database.is_sqlite else "post_search"
    assert len(await rows(f"SELECT post_id FROM {index}")) == found  # noqa: S608  # the same
    assert len(await rows("SELECT id FROM post_versions WHERE word_count = 2")) == found
    return found
