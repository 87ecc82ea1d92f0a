"""A publication without its welcome post, so that a test sees only its own."""

import pytest

from pressroom.features.posts.settings import PostsSettings
from pressroom.kernel.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.replacing(PostsSettings(welcome=False))
