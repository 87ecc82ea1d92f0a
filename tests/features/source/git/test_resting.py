"""Waiting while a real git works in the folder."""

import asyncio
import subprocess
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.plugins.repositories import MakeRepository, Repository

from pressroom.features.source.git import resting
from pressroom.features.source.git.resting import look_at_rest

MANY = 300


@pytest.fixture
def repository(make_repository: MakeRepository) -> Repository:
    """Two branches: `main` with 300 posts, which git takes a while to check out, and `short` with one."""
    made = make_repository("blog")
    made.write("one.md", "One")
    made.commit_all()
    made("branch", "short")
    for number in range(MANY):
        made.write(f"posts/{number}.md", f"Post {number}")
    made.commit_all()
    made("config", "filter.slow.smudge", "sleep 0.004; cat")
    (made.top / ".git" / "info" / "attributes").write_text("*.md filter=slow\n")
    made("checkout", "--quiet", "short")
    return made


def names(repository: Repository) -> set[str]:
    return {path.name for path in repository.top.rglob("*.md")}


def checkout(repository: Repository, branch: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["git", "checkout", "--quiet", branch], cwd=repository.top)


async def test_a_look_during_a_checkout_sees_all_of_it(repository: Repository) -> None:
    git = checkout(repository, "main")
    while len(names(repository)) < 5:
        await asyncio.sleep(0.005)
    assert len(names(repository)) < MANY, "git is at work"
    look = await look_at_rest(repository.top, lambda: names(repository))
    assert len(look) == MANY + 1
    assert git.wait(10) == 0


async def test_a_look_that_a_checkout_overtook_is_made_again(repository: Repository) -> None:
    looks: list[int] = []

    def overtaken() -> set[str]:
        if not looks:
            checkout(repository, "main").wait(30)
        looks.append(len(names(repository)))
        return names(repository)

    look = await look_at_rest(repository.top, overtaken)
    assert looks == [MANY + 1, MANY + 1]
    assert len(look) == MANY + 1


async def test_a_lock_that_a_dead_git_left_is_not_waited_for_for_ever(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "PATIENCE", 0.3)
    lock = repository.top / ".git" / "index.lock"
    lock.touch()
    with capture_logs() as logs:
        look = await look_at_rest(repository.top, lambda: names(repository))
    assert look == {"one.md"}
    (line,) = logs
    assert (line["lock"], "remove it" in line["advice"]) == (str(lock), True)


async def test_a_merge_that_waits_for_somebody_holds_nobody_up(repository: Repository) -> None:
    repository("checkout", "--quiet", "-b", "ours")
    repository.write("one.md", "Ours")
    repository.commit_all()
    repository("checkout", "--quiet", "-b", "theirs", "short")
    repository.write("one.md", "Theirs")
    repository.commit_all()
    with pytest.raises(AssertionError, match="CONFLICT"):
        repository("merge", "ours")
    begun = asyncio.get_running_loop().time()
    look = await look_at_rest(repository.top, lambda: names(repository))
    assert look == names(repository)
    assert asyncio.get_running_loop().time() - begun < resting.PATIENCE / 2


async def test_outside_of_git_nothing_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A")
    assert await look_at_rest(tmp_path, lambda: 7) == 7
