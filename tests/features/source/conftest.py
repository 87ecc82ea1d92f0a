"""Folders of one's own: a small bare one, and an Astro site with a schema that uses most of what one can say."""

from pathlib import Path

import pytest
from tests.conftest import MovableClock
from tests.features.source.astro import Blog, make_blog

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings

HELLO = "---\ntitle: 'Hello'   # the first\npublished: 2024-02-03\ntags: [Python, web]\nmood: calm\n---\n\nWords.\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """The site on disk; nothing is attached."""
    return make_blog(tmp_path / "blog")


@pytest.fixture
async def attached_blog(services: Services, blog: Blog, clock: MovableClock) -> Blog:
    await attach(services, recognise(blog.root))
    clock.move(minutes=1)
    return blog


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bare folder with two posts."""
    made = tmp_path / "blog"
    (made / "deep").mkdir(parents=True)
    (made / "hello.md").write_bytes(HELLO.encode())
    (made / "deep" / "other.md").write_text("---\ntitle: Other\ndate: 2024-02-04\n---\nMore.\n")
    return made


@pytest.fixture
async def attached(services: Services, folder: Path, clock: MovableClock) -> Path:
    await attach(services, recognise(folder))
    clock.move(minutes=1)
    return folder
