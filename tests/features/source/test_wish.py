"""`ASTRO_CONTENT_PATH` alone: what a start makes of it, and what it says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.conftest import make_settings, started

from pressroom.composition import build_services
from pressroom.features.posts.settings import PostsSettings
from pressroom.features.source.feature import FEATURE
from pressroom.features.source.recognise import recognise
from pressroom.features.source.scanning import scan
from pressroom.features.source.service import attach, detach
from pressroom.features.source.settings import SourceSettings
from pressroom.features.source.wish import Wish, find_wish
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings
from pressroom.main import create_app

Rows = Callable[..., Awaitable[list[Any]]]
Wishing = Callable[[Path | str], Services]
EXAMPLE = Path(__file__).parents[3] / "examples" / "astro-blog"


@pytest.fixture
async def wishing(settings: Settings, services: Services) -> AsyncIterator[Wishing]:
    """Services of a process that is started with a folder set."""
    built: list[Services] = []

    def build(path: Path | str) -> Services:
        built.append(build_services(settings.replacing(SourceSettings(content=str(path))), clock=services.clock))
        return built[-1]

    yield build
    for each in built:
        await each.close()


async def start(services: Services) -> list[str]:
    """What a start says to the person at the terminal."""
    assert FEATURE.greet
    assert FEATURE.on_start
    lines = list(await FEATURE.greet(services, "http://127.0.0.1:8000"))
    await FEATURE.on_start(services)
    return lines


def test_the_name_that_other_programs_use_is_a_setting(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, ASTRO_CONTENT_PATH="/blog/src/content/posts")
    assert settings[SourceSettings].content == "/blog/src/content/posts"


@pytest.mark.parametrize("inside", ["", "src/content/posts"])
async def test_the_project_around_the_posts_is_found_and_attached(wishing: Wishing, rows: Rows, inside: str) -> None:
    services = wishing(EXAMPLE / inside)
    lines = await start(services)
    assert lines[0] == f"Attached {EXAMPLE / 'src/content/posts'} (ASTRO_CONTENT_PATH)."
    assert any("made with Astro" in line for line in lines)
    assert any("“npm run build”" in line for line in lines)
    assert await rows("SELECT path FROM source_files") == [], "the posts are taken in once it serves"
    assert await rows("SELECT id FROM jobs WHERE kind = 'source.scan'")
    await scan(services)
    assert len(await rows("SELECT id FROM posts")) == 4


async def test_a_bare_folder_is_published_by_the_built_in_theme(wishing: Wishing, folder: Path) -> None:
    services = wishing(folder)
    assert "The built-in theme will publish it; nothing of it is run." in await start(services)


async def test_the_same_folder_is_attached_once(wishing: Wishing, attached: Path, rows: Rows) -> None:
    before = await rows("SELECT value FROM settings WHERE name = 'source'")
    services = wishing(attached)
    assert await start(services) == []
    assert await rows("SELECT value FROM settings WHERE name = 'source'") == before


async def test_another_folder_stays_attached_and_one_line_says_how_to_change_over(
    wishing: Wishing, attached: Path, tmp_path: Path
) -> None:
    (tmp_path / "second").mkdir()
    services = wishing(tmp_path / "second")
    with capture_logs() as logs:
        (line,) = await start(services)
    assert line.startswith(f"{attached} is attached, and {tmp_path / 'second'} (ASTRO_CONTENT_PATH) is not.")
    assert "pressroom site detach" in line
    assert [entry["reason"] for entry in logs if entry["event"] == "source.not_attached"] == [line]
    await detach(services)
    assert (await start(services))[0].startswith(f"Attached {tmp_path / 'second'}")


async def test_a_path_that_is_not_there_is_named_and_keeps_nobody_from_starting(
    wishing: Wishing, tmp_path: Path, rows: Rows
) -> None:
    services = wishing(tmp_path / "nowhere")
    (line,) = await start(services)
    assert str(tmp_path / "nowhere") in line
    assert "Nothing was attached" in line
    assert await rows("SELECT value FROM settings WHERE name = 'source'") == []


async def test_an_attached_folder_that_is_away_for_a_while_is_no_other_one(wishing: Wishing, attached: Path) -> None:
    attached.rename(attached.with_name("unmounted"))
    services = wishing(attached)
    assert await find_wish(services) == Wish()


async def test_a_folder_stays_attached_when_the_variable_goes(wishing: Wishing, attached: Path, rows: Rows) -> None:
    services = wishing("")
    assert await start(services) == []
    ((value,),) = await rows("SELECT value FROM settings WHERE name = 'source'")
    assert str(attached) in str(value)


async def test_a_relative_path_and_a_tilde_are_understood(
    wishing: Wishing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("HOME", str(folder.parent))
    for written in (folder.name, f"~/{folder.name}"):
        services = wishing(written)
        wish = await find_wish(services)
        assert wish.site
        assert wish.site.content == folder


async def test_who_brings_a_folder_gets_no_welcome_post(settings: Settings, services: Services, rows: Rows) -> None:
    welcoming = build_services(settings.replacing(PostsSettings(welcome=True)), clock=services.clock)
    empty = settings.data / "empty"
    empty.mkdir()
    await attach(welcoming, recognise(empty))
    async with started(create_app(welcoming)):
        assert await rows("SELECT id FROM posts") == []
