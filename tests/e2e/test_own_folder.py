"""A folder of one's own beside the real program: attached and let go of while it runs, edited, pulled."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from tests.plugins.publication import Publication, clean_environ
from tests.plugins.repositories import MakeRepository, Repository

pytestmark = pytest.mark.e2e
TEXT = "---\ntitle: {}\ndate: 2024-02-03\n---\nWords.\n"
PATIENCE = 20.0


def until(holds: Callable[[], bool], what: str) -> float:
    """Waits for it and returns the seconds that took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < PATIENCE, what
        time.sleep(0.01)
    return time.monotonic() - begun


def content(publication: Publication, slug: str) -> str:
    with closing(sqlite3.connect(publication.data / "pressroom.db")) as connection:
        row = connection.execute("SELECT content_raw FROM posts WHERE slug = ?", [slug]).fetchone()
    return str(row[0]) if row else ""


def has(publication: Publication, words: str) -> bool:
    return words in content(publication, "hello")


def log(publication: Publication) -> list[dict[str, str]]:
    lines = (publication.data.parent / "serve.log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def events(publication: Publication, name: str) -> list[dict[str, str]]:
    return [line for line in log(publication) if line["event"] == name]


@pytest.fixture
def blog(make_repository: MakeRepository) -> Repository:
    made = make_repository("blog")
    made.write("posts/hello.md", TEXT.format("Hello"))
    made.commit_all("Begin")
    return made


def watched(publication: Publication, times: int = 1) -> None:
    until(lambda: len(events(publication, "source.watching")) == times, "it watches")


def test_a_folder_is_attached_edited_and_let_go_of_while_the_server_runs(
    publication: Publication, blog: Repository
) -> None:
    posts = blog.top / "posts"
    attached = publication.run("site", "attach", str(posts), "--yes")
    assert attached.returncode == 0, attached.stderr
    watched(publication)
    until(lambda: content(publication, "hello") == "Words.\n", "the post is there")
    time.sleep(1.5)  # the watch's own scan is over

    took = []
    for number in range(3):
        with (posts / "hello.md").open("w") as file:  # truncates, then writes, as editors do
            file.write(TEXT.format("Hello") + f"Line {number}.\n")
        took.append(until(partial(has, publication, f"Line {number}."), "the edit is there"))
        time.sleep(0.3)
    print("edit to version, s:", [round(seconds, 2) for seconds in took])  # noqa: T201  # shown with -s
    assert min(took) < 5, "far less than the minute of the schedule"

    assert publication.run("site", "detach").returncode == 0
    time.sleep(2.5)
    (posts / "hello.md").write_text(TEXT.format("Nobody sees this"))
    time.sleep(1.5)
    assert "Nobody" not in content(publication, "hello")
    assert publication.run("site", "attach", str(posts), "--yes").returncode == 0
    watched(publication, times=2)
    assert publication.stop() < 5


def test_astro_content_path_alone_attaches_and_a_pull_comes_in(
    make_publication: Callable[..., Publication], blog: Repository, tmp_path: Path
) -> None:
    blog("clone", "--quiet", "--bare", ".", str(tmp_path / "origin.git"))
    blog("remote", "add", "origin", str(tmp_path / "origin.git"))
    blog("fetch", "--quiet", "origin")
    blog("branch", "--quiet", "--set-upstream-to=origin/main")
    config = {name: os.environ[name] for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")}
    publication = make_publication({"ASTRO_CONTENT_PATH": str(blog.top / "posts"), **config})
    publication.start()
    assert any(line.startswith(f"Attached {blog.top / 'posts'}") for line in publication.said)
    until(lambda: content(publication, "hello") == "Words.\n", "the post is there")
    doctor = publication.run("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert f"ok    source folder: {blog.top / 'posts'}, writable" in doctor.stdout
    assert "ok    source watch: 1 folders" in doctor.stdout

    other = Repository(tmp_path / "other")
    blog("clone", "--quiet", str(tmp_path / "origin.git"), str(other.top))
    other.write("posts/new.md", TEXT.format("New"))
    other.commit_all("Write")
    other("push", "--quiet")
    pulled = publication.run("site", "pull")
    assert pulled.returncode == 0, pulled.stderr
    assert "Pulled 1 commits" in pulled.stdout
    assert content(publication, "new") == "Words.\n"
    assert "Nothing to pull" in publication.run("site", "pull").stdout

    blog("checkout", "--quiet", "--detach")
    refused = publication.run("site", "pull")
    assert (refused.returncode, "Not pulled: No branch is checked out" in refused.stdout) == (1, True)
    detached = publication.run("site", "detach")
    assert "ASTRO_CONTENT_PATH is set" in detached.stdout


def test_a_path_that_is_not_there_keeps_nobody_from_starting(
    make_publication: Callable[..., Publication], tmp_path: Path
) -> None:
    publication = make_publication({"ASTRO_CONTENT_PATH": str(tmp_path / "nowhere")})
    publication.start()
    publication.wait_for_site()
    assert any(f"{tmp_path / 'nowhere'} is not a folder" in line for line in publication.said)
    assert f"{tmp_path / 'nowhere'} is not a folder" in events(publication, "source.not_attached")[0]["reason"]
    doctor = publication.run("doctor")
    assert (doctor.returncode, "WRONG source folder" in doctor.stdout) == (1, True)


def test_a_worker_watches_where_the_server_runs_no_jobs(
    make_publication: Callable[..., Publication], blog: Repository
) -> None:
    publication = make_publication({"PRESSROOM_JOBS__EMBEDDED": "false"})
    publication.start()
    assert publication.run("site", "attach", str(blog.top / "posts"), "--yes").returncode == 0
    command = [sys.executable, "-m", "pressroom", "--data", str(publication.data), "worker"]
    with (publication.data.parent / "serve.log").open("a") as lines:
        worker = subprocess.Popen(command, env=clean_environ(), stderr=lines, cwd=publication.data.parent)
    try:
        watched(publication)
        blog.write("posts/hello.md", TEXT.format("Hello") + "From the editor.\n")
        until(lambda: "From the editor." in content(publication, "hello"), "the edit is there")
    finally:
        worker.terminate()
        assert worker.wait(10) == 0
