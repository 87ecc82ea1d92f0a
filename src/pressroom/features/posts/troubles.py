"""What keeps the site from being built with a post, noted by whoever found it. Its words and version stay."""

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.models import Post, PostTrouble

NAME_KEPT = 200


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, in which field of the front matter, and in which line of its file, from 1.

    Of a longer name of a field the first 200 characters are kept.
    """

    message: str
    field: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """A post that something is wrong with."""

    id: UUID
    title: str
    author_id: UUID | None
    trouble: Trouble


async def mark(session: AsyncSession, post_id: UUID, trouble: Trouble) -> bool:
    """Notes it at the version that is saved now. Returns whether that is news."""
    trouble = replace(trouble, field=trouble.field and trouble.field[:NAME_KEPT])
    version = await session.scalar(select(Post.version).where(Post.id == post_id))
    known = await find(session, post_id)
    if version is None or (known and known.trouble == trouble):
        return False
    await session.merge(PostTrouble(post_id=post_id, version=version, **asdict(trouble)))
    await session.flush()
    return True


async def clear(session: AsyncSession) -> None:
    """Takes every note away."""
    await session.execute(delete(PostTrouble))


async def find(session: AsyncSession, post_id: UUID) -> Marked | None:
    """The post, if something is wrong with the version that is saved now."""
    here = (PostTrouble.message, PostTrouble.field, PostTrouble.line)
    noted = select(Post.id, Post.title, Post.author_id, *here).join(PostTrouble, PostTrouble.post_id == Post.id)
    row = (await session.execute(noted.where(Post.id == post_id, PostTrouble.version == Post.version))).one_or_none()
    return Marked(row.id, row.title, row.author_id, Trouble(row.message, row.field, row.line)) if row else None
