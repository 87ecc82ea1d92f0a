"""What somebody who keeps posts elsewhere recognises them by."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.repository import PostRepository


class Label(NamedTuple):
    """What a post is called."""

    id: UUID
    title: str
    published_at: datetime | None


async def labels_of(session: AsyncSession, post_ids: Collection[UUID]) -> list[Label]:
    """What these posts are called, without those in the trash."""
    return [Label(*row) for row in await PostRepository(session).labels(post_ids)]


async def contents_of(session: AsyncSession, post_ids: Collection[UUID]) -> dict[UUID, str]:
    """The Markdown of these posts."""
    return await PostRepository(session).contents(post_ids)
