"""A publication without its welcome post, so that a test sees only its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from pressroom.features.posts.settings import PostsSettings
from pressroom.kernel.services import Services
from pressroom.kernel.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))


@pytest.fixture
def queries(services: Services) -> Iterator[list[str]]:
    """The SELECT statements that readers' connections have sent; clear it before counting."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        if "SELECT" in arguments[2] and "pg_catalog" not in arguments[2]:
            seen.append(arguments[2])

    engine = services.database.reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
