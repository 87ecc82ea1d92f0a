from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pressroom.features.site.releases import ReleaseStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Publish = Callable[..., Path]


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    return ReleaseStore(tmp_path / "site", patience=0.2)


@pytest.fixture
def publish(store: ReleaseStore) -> Publish:
    """Makes a release of `{path: text}` and lets it go live, as the next build would."""

    def publish(release_id: str, *, now: datetime = NOON, base: str | None = None, **files: str) -> Path:
        with store.stage(release_id, base=base) as staging:
            for path, text in ({"index.html": release_id} if base is None else {}).items():
                staging.write(path, text.encode())
            for path, text in files.items():
                staging.write(path, text.encode())
        store.activate(release_id, now=now)
        return store.path(release_id)

    return publish
