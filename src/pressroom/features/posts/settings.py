"""The slice's settings."""

from typing import ClassVar

from pressroom.kernel.settings import Section, setting


class PostsSettings(Section):
    """How posts are made and shown."""

    name: ClassVar[str] = "posts"
    welcome: bool = setting(default=True, help_text="Write a first post when there is none")
    preview_hours: int = setting(24, "How long a preview link works unless it says otherwise, in hours", ge=1, le=720)
