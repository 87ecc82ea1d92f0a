import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pressroom.features.site.releases import ReleaseStore
from pressroom.features.site.serving import SiteServer


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Reader:
    """Asks the server as an HTTP server would, with the address exactly as given (already decoded)."""

    site: SiteServer

    def __call__(self, path: str, method: str = "GET", query: bytes = b"", **headers: str) -> Answer:
        return asyncio.run(self.ask(path, method, query=query, headers=headers))

    async def ask(
        self, path: str, method: str = "GET", *, query: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        named = [(name.replace("_", "-").encode(), text.encode()) for name, text in (headers or {}).items()]
        scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": named}
        await self.site(scope, _never_hang_up, send)
        start, *parts = sent
        return Answer(
            start["status"],
            {name.decode("ascii"): value.decode("ascii") for name, value in start["headers"]},
            b"".join(part.get("body", b"") for part in parts),
        )


def _never_hang_up() -> Awaitable[Any]:
    return asyncio.Event().wait()


Publish = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    return ReleaseStore(tmp_path / "site")


@pytest.fixture
def publish(store: ReleaseStore) -> Publish:
    def publish(release_id: str, *, base: str | None = None, **files: str | bytes) -> None:
        with store.stage(release_id, base=base) as staging:
            if base is None:
                staging.write("index.html", f"front page of {release_id}".encode())
            for path, data in files.items():
                staging.write(path, data.encode() if isinstance(data, str) else data)
        store.activate(release_id, now=datetime(2026, 5, 1, tzinfo=UTC))

    return publish


@pytest.fixture
def read(store: ReleaseStore) -> Reader:
    return Reader(SiteServer(store._root))
