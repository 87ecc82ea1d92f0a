"""The ledger of imports: which post came from which file. All SQL of importing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.models import Post, PostImport

LONGEST = 1000
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A file that was imported before, and how its post stands now."""

    post_id: UUID
    slug: str
    digest: str
    edited: bool
    in_trash: bool


class Ledger:
    """The files of one source, by their paths."""

    def __init__(self, session: AsyncSession, source: str) -> None:
        self._session = session
        self._source = source

    async def known(self, paths: Sequence[str]) -> dict[str, Known]:
        """Those of these files that were imported before."""
        seen = (PostImport.source, PostImport.digest, (PostImport.version != Post.version).label("edited"))
        statement = select(*seen, Post.id, Post.slug, Post.deletion).join(Post, Post.id == PostImport.post_id)
        found: dict[str, Known] = {}
        for start in range(0, len(paths), _CHUNK):
            names = {self._name(path): path for path in paths[start : start + _CHUNK]}
            for row in (await self._session.execute(statement.where(PostImport.source.in_(names)))).all():
                known = Known(row.id, row.slug, row.digest, edited=bool(row.edited), in_trash=bool(row.deletion))
                found[names[row.source]] = known
        return found

    async def used_slugs(self, slugs: Collection[str | None]) -> set[str]:
        """Which of these addresses a post has."""
        statement = select(Post.slug).where(Post.slug.in_(slugs), Post.deletion == "")
        return set(await self._session.scalars(statement))

    async def write(self, files: Sequence[tuple[str, str, Post]], now: datetime) -> None:
        """Notes what came of these files: path, digest and post of each."""
        rows = [
            {
                "source": self._name(path),
                "post_id": post.id,
                "digest": digest,
                "version": post.version,
                "imported_at": now,
            }
            for path, digest, post in files
        ]
        await self._session.execute(delete(PostImport).where(PostImport.source.in_([row["source"] for row in rows])))
        await self._session.execute(insert(PostImport), rows)

    def _name(self, path: str) -> str:
        return f"{self._source}/{path}"[-LONGEST:]
