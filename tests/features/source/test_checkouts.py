"""A checkout of another branch: hundreds of files at once, as one batch, there and back again."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.plugins.repositories import MakeRepository, Repository

from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services

Rows = Callable[..., Awaitable[list[Any]]]
FEW = pytest.mark.parametrize("posts", [90], indirect=True)
POSTS = "SELECT id, slug, status, version FROM posts ORDER BY slug"


def text(number: int, words: str = "Words") -> str:
    return f"---\ntitle: Post {number}\ndate: 2024-02-03\n---\n{words} of post {number}.\n"


@pytest.fixture
def posts(request: pytest.FixtureRequest) -> int:
    """How many posts the branch `short` lacks; 300 unless a test says otherwise."""
    return int(getattr(request, "param", 300))


@pytest.fixture
async def blog(services: Services, make_repository: MakeRepository, posts: int) -> Repository:
    """An attached clone with two branches: `short` has five posts, `main` all of them."""
    made = make_repository("blog")
    for number in range(5):
        made.write(f"posts/kept-{number}.md", text(number))
    made.commit_all()
    made("branch", "short")
    for number in range(posts):
        made.write(f"posts/year-{number % 7}/post-{number}.md", text(number))
    made.commit_all()
    report = await attach(services, recognise(made.top / "posts"))
    assert report.created == posts + 5
    return made


def present(repository: Repository) -> int:
    return len(list((repository.top / "posts").rglob("*.md")))


@asynccontextmanager
async def checking_out(repository: Repository, branch: str, *, until: Callable[[], bool]) -> AsyncIterator[None]:
    """A checkout that is under way, and takes its time for each file."""
    slowly = ("-c", "filter.slow.smudge=sleep 0.002; cat")
    attributes = repository.top / ".git" / "info" / "attributes"
    attributes.write_text("*.md filter=slow\n")
    git = subprocess.Popen(["git", *slowly, "checkout", "--quiet", branch], cwd=repository.top)
    while not until():
        await asyncio.sleep(0.001)
    assert git.poll() is None, "git is at work"
    yield
    assert git.wait(10) == 0
    attributes.unlink()


async def test_posts_that_a_branch_lacks_are_archived_and_come_back_with_their_ids(
    services: Services, blog: Repository, rows: Rows, posts: int
) -> None:
    before = await rows(POSTS)
    blog("checkout", "--quiet", "short")
    report = await scan(services)
    assert (report.archived, report.failed) == (posts, {})
    assert len([row for row in await rows(POSTS) if row.status == "archived"]) == posts

    async with checking_out(blog, "main", until=lambda: 20 <= present(blog) <= posts):
        report = await scan(services)
    assert (report.updated, report.created, report.archived, report.failed) == (posts, 0, 0, {})
    after = await rows(POSTS)
    assert [(row.id, row.slug, row.status) for row in after] == [(row.id, row.slug, row.status) for row in before]
    assert (await scan(services)).unchanged == posts + 5


@FEW
async def test_a_branch_that_moves_and_changes_posts_is_one_batch(
    services: Services, blog: Repository, rows: Rows, posts: int
) -> None:
    before = {row.slug: row.id for row in await rows(POSTS)}
    blog("checkout", "--quiet", "-b", "moved")
    (blog.top / "archive").mkdir()
    for number in range(posts):
        old = blog.top / "posts" / f"year-{number % 7}" / f"post-{number}.md"
        if number % 2:
            blog.write(f"posts/all/{number % 3}/post-{number}.md", old.read_text())
            old.unlink()
        else:
            old.write_text(text(number, "Other words"))
    blog.commit_all()
    blog("checkout", "--quiet", "main")
    assert (await scan(services)).renamed == 0

    async with checking_out(blog, "moved", until=(blog.top / ".git" / "index.lock").exists):
        report = await scan(services)
    assert (report.renamed, report.updated, report.created, report.archived) == (posts // 2, posts // 2, 0, 0)
    assert {row.slug: row.id for row in await rows(POSTS)} == before
    blog("checkout", "--quiet", "main")
    report = await scan(services)
    assert (report.renamed, report.updated, report.created, report.archived) == (posts // 2, posts // 2, 0, 0)
    assert {row.slug: row.id for row in await rows(POSTS)} == before
    assert {row.status for row in await rows(POSTS)} == {"published"}


@FEW
async def test_conflict_markers_reach_no_reader(services: Services, blog: Repository, rows: Rows) -> None:
    path = "posts/kept-1.md"
    blog("checkout", "--quiet", "-b", "theirs")
    blog.write(path, text(1, "Their words"))
    blog.commit_all()
    blog("checkout", "--quiet", "main")
    blog.write(path, text(1, "Our words"))
    blog.commit_all()
    await scan(services)
    with pytest.raises(AssertionError, match="CONFLICT"):
        blog("merge", "theirs")
    assert "<<<<<<<" in (blog.top / path).read_text()
    blog.write("posts/kept-2.md", text(2, "Words written while the merge waits"))

    report = await scan(services)
    assert list(report.failed) == ["kept-1.md"]
    assert "conflict markers" in report.failed["kept-1.md"]
    words = {row.slug: row.content_raw for row in await rows("SELECT slug, content_raw FROM posts")}
    assert words["kept-1"] == "Our words of post 1.\n"
    assert "while the merge waits" in words["kept-2"]

    blog.write(path, text(1, "Words of both"))
    assert (await scan(services)).failed == {}
    assert (await rows("SELECT content_raw FROM posts WHERE slug = 'kept-1'"))[0].content_raw.startswith(
        "Words of both"
    )


@FEW
async def test_a_post_about_merging_may_show_the_markers(services: Services, blog: Repository, rows: Rows) -> None:
    blog.write("posts/howto.md", text(1, "```\n<<<<<<< ours\n=======\n>>>>>>> theirs\n```\nWords"))
    assert (await scan(services)).created == 1
    (post,) = await rows("SELECT content_raw FROM posts WHERE slug = 'howto'")
    assert ">>>>>>> theirs" in post.content_raw
    assert Path(blog.top / "posts" / "howto.md").exists()
