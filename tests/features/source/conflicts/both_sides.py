"""Writing from both sides: through the API, on disk, and at the same moment."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.features.source.panel import POSTS, before_its_file, get

from pressroom.features.source.scanning import ScanReport, scan
from pressroom.kernel.services import Services

CONFLICTS = "/api/v1/admin/site/conflicts"
HELLO = """\
---
title: 'Hello'   # the first
published: 2024-02-03
tags: [Python, web]
mood: calm
---

One.

Two.

Three.
"""


async def replace(editor: httpx.AsyncClient, old: str, new: str) -> httpx.Response:
    """Saves the text that was read with one stretch of it exchanged, as a writer who saw that version."""
    seen = await get(editor)
    changed = {"content": seen["content"].replace(old, new)}
    return await editor.patch(f"{POSTS}/hello", json=changed, headers={"If-Match": f'"{seen["version"]}"'})


class BothSides:
    """Changes `hello.md` on disk in the moment in which its post is saved."""

    def __init__(
        self, services: Services, editor: httpx.AsyncClient, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.services = services
        self.editor = editor
        self.file = folder / "hello.md"
        self._monkeypatch = monkeypatch

    async def change(self, *, here: tuple[str, str], on_disk: tuple[str, str]) -> ScanReport:
        """Exchanges one stretch of text on each side, then scans."""
        with before_its_file(self._monkeypatch):
            saved = await replace(self.editor, *here)
            assert saved.status_code == 200, saved.text
        self.write(*on_disk)
        return await scan(self.services)

    async def clash(self) -> dict[str, Any]:
        """Changes the same line on both sides. Returns the conflict."""
        report = await self.change(here=("Two.", "Two, from the panel."), on_disk=("Two.", "Two, from the disk."))
        assert (report.conflicts, report.merged, report.failed) == (1, 0, {})
        return await self.conflict()

    async def conflict(self) -> dict[str, Any]:
        """The one conflict there is, whole."""
        (card,) = (await self.editor.get(CONFLICTS)).json()["data"]
        return await self.one(card["id"])

    async def one(self, conflict_id: str) -> dict[str, Any]:
        found = await self.editor.get(f"{CONFLICTS}/{conflict_id}")
        assert found.status_code == 200, found.text
        assert found.headers["etag"] == f'"{found.json()["version"]}"'
        whole: dict[str, Any] = found.json()
        return whole

    async def resolve(
        self, conflict: dict[str, Any], *, by: httpx.AsyncClient | None = None, **choice: Any
    ) -> httpx.Response:
        match = {"If-Match": f'"{conflict["version"]}"'}
        return await (by or self.editor).post(f"{CONFLICTS}/{conflict['id']}/resolve", json=choice, headers=match)

    def write(self, old: str, new: str) -> None:
        assert old in self.text
        self.file.write_bytes(self.text.replace(old, new).encode())

    @property
    def text(self) -> str:
        return self.file.read_bytes().decode()
