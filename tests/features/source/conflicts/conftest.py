"""A folder that is attached, and people who write in it from both sides."""

from pathlib import Path

import httpx
import pytest
from tests.conftest import MovableClock
from tests.features.source.conflicts.both_sides import HELLO, BothSides
from tests.plugins.people import SignIn

from pressroom.features.posts.settings import PostsSettings
from pressroom.features.source.recognise import recognise
from pressroom.features.source.service import attach
from pressroom.kernel.auth import Role
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bare folder with two posts."""
    made = tmp_path / "blog"
    made.mkdir()
    (made / "hello.md").write_text(HELLO)
    (made / "other.md").write_text("---\ntitle: Other\ndate: 2024-02-04\n---\nMore.\n")
    return made


@pytest.fixture
async def attached(services: Services, folder: Path, clock: MovableClock) -> Path:
    await attach(services, recognise(folder))
    clock.move(minutes=1)
    return folder


@pytest.fixture
async def editor(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in(Role.editor)


@pytest.fixture
def both(services: Services, editor: httpx.AsyncClient, attached: Path, monkeypatch: pytest.MonkeyPatch) -> BothSides:
    return BothSides(services, editor, attached, monkeypatch)
