"""What writers read: one post, or lists of all statuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts import troubles
from pressroom.features.posts.editorial_lists import EditorialFilter, editorial_page
from pressroom.features.posts.errors import PostNotFound
from pressroom.features.posts.models import Post
from pressroom.features.posts.policy import may_edit, sees_all
from pressroom.features.posts.repository import PostRepository
from pressroom.features.posts.service.typesetting import Typesetting
from pressroom.features.posts.troubles import Trouble
from pressroom.kernel.auth import Actor


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, how many there are in all, and the cursor of what follows."""

    rows: Sequence[Any]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A post by its names."""

    id: UUID
    slug: str
    title: str


class Shelf:
    """Reads posts as writers see them. What somebody may not see does not exist for them."""

    def __init__(self, session: AsyncSession, typesetting: Typesetting | None = None) -> None:
        self._session = session
        self._typesetting = typesetting

    async def get(self, actor: Actor, ref: str) -> Post:
        """One post by id (from the trash too) or present address.

        Raises:
            PostNotFound: there is none, or it is somebody else's.
        """
        post = await PostRepository(self._session).get(ref)
        if not may_edit(actor, post.author_id):
            raise PostNotFound
        return post

    async def find_trouble(self, post: Post) -> Trouble | None:
        """What the last build of the site found wrong with this very version."""
        marked = await troubles.find(self._session, post.id)
        return marked.trouble if marked else None

    async def names(self, actor: Actor, post_ids: Sequence[UUID]) -> dict[UUID, Named]:
        """What those of these posts are called that this actor may change, those in the trash among them."""
        rows = await PostRepository(self._session).names(post_ids)
        return {row.id: Named(row.id, row.slug, row.title) for row in rows if may_edit(actor, row.author_id)}

    async def whole(self, actor: Actor, ref: str) -> Post:
        """`get`, with everything that is made from the words.

        Raises:
            PostNotFound: as `get`.
        """
        post = await self.get(actor, ref)
        if not post.is_typeset and self._typesetting:
            await self._typesetting.now([post.id])
            await self._session.rollback()  # ends the moment of the database that this session saw
            await self._session.refresh(post)
        return post

    async def list(self, actor: Actor, wanted: EditorialFilter, *, limit: int, offset: int) -> Page:
        """A page of posts without their words; authors see their own."""
        mine: UUID | None = None if sees_all(actor) else actor.id
        return Page(*await editorial_page(self._session, wanted, mine=mine, limit=limit, offset=offset))
