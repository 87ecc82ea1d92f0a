"""A folder that is attached, and people who write in it from both sides."""

from pathlib import Path

import httpx
import pytest
from tests.features.source.conflicts.both_sides import HELLO, BothSides

from pressroom.kernel.services import Services


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bare folder with two posts."""
    made = tmp_path / "blog"
    made.mkdir()
    (made / "hello.md").write_text(HELLO)
    (made / "other.md").write_text("---\ntitle: Other\ndate: 2024-02-04\n---\nMore.\n")
    return made


@pytest.fixture
def both(services: Services, editor: httpx.AsyncClient, attached: Path, monkeypatch: pytest.MonkeyPatch) -> BothSides:
    return BothSides(services, editor, attached, monkeypatch)
