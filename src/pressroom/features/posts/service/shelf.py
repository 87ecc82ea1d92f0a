"""What writers read: one post, or lists of all statuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.editorial_lists import EditorialFilter, editorial_page
from pressroom.features.posts.errors import PostNotFound
from pressroom.features.posts.models import Post
from pressroom.features.posts.policy import may_edit, sees_all
from pressroom.features.posts.repository import PostRepository
from pressroom.kernel.auth import Actor


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, how many there are in all, and the cursor of what follows."""

    rows: Sequence[Any]
    total: int
    next: str | None


class Shelf:
    """Reads posts as writers see them. What somebody may not see does not exist for them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, actor: Actor, ref: str) -> Post:
        """One post by id (from the trash too) or present address.

        Raises:
            PostNotFound: there is none, or it is somebody else's.
        """
        post = await PostRepository(self._session).get(ref)
        if not may_edit(actor, post.author_id):
            raise PostNotFound
        return post

    async def list(self, actor: Actor, wanted: EditorialFilter, *, limit: int, offset: int) -> Page:
        """A page of posts without their words; authors see their own."""
        mine: UUID | None = None if sees_all(actor) else actor.id
        return Page(*await editorial_page(self._session, wanted, mine=mine, limit=limit, offset=offset))
