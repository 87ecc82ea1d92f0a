"""Which post a file is, and which file a post has."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.source.repository import SourceFiles


@dataclass(frozen=True, slots=True)
class FilePost:
    """The post that a file is."""

    id: UUID
    slug: str


async def find_post_of_file(session: AsyncSession, path: str) -> FilePost | None:
    """The post of a file, by its path inside the attached folder."""
    file = (await SourceFiles(session).by_path([path])).get(path)
    return FilePost(file.post_id, file.slug) if file and file.post_id else None


async def paths_of_posts(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The files of these posts, as paths inside the attached folder; posts without one are left out."""
    return await SourceFiles(session).paths(ids)
