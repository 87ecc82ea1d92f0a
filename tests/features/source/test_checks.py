"""What `pressroom doctor` says of an attached folder."""

import os
import shutil
from pathlib import Path

import pytest
from tests.plugins.repositories import MakeRepository

from pressroom.features.site.checks import checks as site_checks
from pressroom.features.source.checks import checks
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.diagnosis import Complaint
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

EXAMPLE = Path(__file__).parents[3] / "examples" / "astro-blog"


@pytest.fixture(params=["sqlite"])
def database_environ(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """What is looked at here is no database."""
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "pressroom.db")
    return {}


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return settings.replacing(SourceSettings(**getattr(request, "param", {})))


async def told(services: Services, name: str) -> str:
    return await (await checks(services))[name](services)


async def complaint(services: Services, name: str) -> str:
    with pytest.raises(Complaint) as found:
        await told(services, name)
    return str(found.value)


async def test_without_a_folder_there_is_little_to_say(services: Services) -> None:
    assert list(await checks(services)) == ["source folder"]
    assert await told(services, "source folder") == "none is attached"
    assert await site_checks(services) == {}


async def test_a_well_folder_is_described(services: Services, attached: Path) -> None:
    words = await told(services, "source folder")
    assert words.startswith(f"{attached}, writable, on ")
    assert await told(services, "source watch") == "2 folders, told by the system"
    assert "not in a working tree" in await told(services, "source git")
    assert sorted(path.name for path in attached.rglob("*") if path.is_file()) == ["hello.md", "other.md"]


async def test_a_folder_that_is_away_says_what_to_do(services: Services, attached: Path) -> None:
    attached.rename(attached.with_name("away"))
    assert "pressroom site detach" in await complaint(services, "source folder")
    assert list(await checks(services)) == ["source folder"]


async def test_a_folder_that_cannot_be_written_is_named(services: Services) -> None:
    nobody_writes_here = Path("/proc/sys/fs/inotify")
    if not nobody_writes_here.is_dir():
        pytest.skip("a folder that even root cannot write is Linux's")
    await attach(services, recognise(nobody_writes_here))
    assert f"{nobody_writes_here} cannot be written" in await complaint(services, "source folder")


@pytest.mark.parametrize("settings", [{"watch": "poll"}], indirect=True)
async def test_polling_is_tried_too(services: Services, attached: Path) -> None:
    del attached
    assert await told(services, "source watch") == "2 folders, looked at every two seconds"


@pytest.mark.parametrize("settings", [{"watch": "off"}], indirect=True)
async def test_off_is_not_tried(services: Services, attached: Path) -> None:
    del attached
    assert "each minute" in await told(services, "source watch")


async def test_git_is_told_in_one_line(services: Services, make_repository: MakeRepository) -> None:
    repository = make_repository("blog")
    repository.write("posts/a.md", "---\ntitle: A\n---\n")
    repository.commit_all()
    await attach(services, recognise(repository.top / "posts"))
    assert await told(services, "source git") == f"{repository.top}, branch main, everything committed"
    repository("clone", "--quiet", "--bare", ".", "../origin.git")
    repository("remote", "add", "origin", "../origin.git")
    repository("fetch", "--quiet", "origin")
    repository("branch", "--quiet", "--set-upstream-to=origin/main")
    repository.write("posts/b.md", "B")
    repository.commit_all()
    repository.write("posts/c.md", "C")
    repository.write("elsewhere.txt", "not a post")
    assert await told(services, "source git") == f"{repository.top}, branch main, 1 to push, 1 posts not committed"
    repository("checkout", "--quiet", "--detach")
    assert "no branch checked out" in await told(services, "source git")


@pytest.mark.parametrize("settings", [{"git_commit": True}], indirect=True)
async def test_commits_that_cannot_be_made_are_a_complaint(services: Services, attached: Path) -> None:
    assert f"{attached} is not in a working tree" in await complaint(services, "source git")


@pytest.mark.parametrize("settings", [{"git_pull_minutes": 5}], indirect=True)
async def test_a_tree_of_another_user_is_a_complaint_where_git_is_wanted(
    services: Services, make_repository: MakeRepository
) -> None:
    if os.geteuid():
        pytest.skip("only root can give a folder to another user")
    repository = make_repository("blog")
    repository.write("posts/a.md", "---\ntitle: A\n---\n")
    await attach(services, recognise(repository.top / "posts"))
    for path in (repository.top, repository.top / ".git"):
        os.chown(path, 65534, 65534)
    assert "safe.directory" in await complaint(services, "source git")


@pytest.mark.parametrize("settings", [{"content": "/nowhere"}], indirect=True)
async def test_a_wish_that_cannot_be_had_is_a_complaint(services: Services) -> None:
    assert "/nowhere is not a folder" in await complaint(services, "source folder")


@pytest.mark.parametrize("settings", [{"content": str(EXAMPLE)}], indirect=True)
async def test_a_wish_that_can_be_had_is_announced(services: Services) -> None:
    assert await told(services, "source folder") == f"`serve` will attach {EXAMPLE / 'src/content/posts'}"


async def test_the_build_s_programs_are_looked_for(services: Services, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "blog", ignore=shutil.ignore_patterns("node_modules"))
    tool = tmp_path / "blog" / "node_modules" / ".bin" / "site-maker"
    await attach(services, recognise(tmp_path / "blog", build="site-maker --all"))
    check = (await site_checks(services))["site build"]
    with pytest.raises(Complaint, match="needs site-maker"):
        await check(services)
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    assert str(tool) in await check(services)
