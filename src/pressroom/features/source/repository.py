"""All SQL of the attached folder. Private to the slice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.source.models import SourceFile, SourceIntent

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What a scan needs to know of a file that was seen before."""

    path: str
    post_id: UUID | None
    digest: str
    size: int
    mtime_ns: int
    gone: bool
    error: str | None


class SourceFiles:
    """The files and the saves on their way to them, in one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> dict[str, Known]:
        """Every file that was ever seen, by its path."""
        columns = [getattr(SourceFile, name) for name in Known.__slots__]
        rows = await self._session.execute(select(*columns))
        return {row.path: Known(*row) for row in rows}

    async def by_path(self, paths: Collection[str]) -> dict[str, SourceFile]:
        """Those of these files that are known, to be changed."""
        wanted, found = list(paths), dict[str, SourceFile]()
        for start in range(0, len(wanted), _CHUNK):
            chosen = select(SourceFile).where(SourceFile.path.in_(wanted[start : start + _CHUNK]))
            found.update({file.path: file for file in await self._session.scalars(chosen)})
        return found

    async def by_post(self, post_ids: Sequence[UUID]) -> dict[UUID, SourceFile]:
        """The files of these posts, to be changed."""
        rows = await self._session.scalars(select(SourceFile).where(SourceFile.post_id.in_(post_ids)))
        return {row.post_id: row for row in rows if row.post_id}

    async def move(self, old: str, new: str, **values: Any) -> None:
        """Gives a file its new path; what was noted of an unreadable file there is forgotten."""
        await self._session.execute(delete(SourceFile).where(SourceFile.path == new))
        moved = update(SourceFile).where(SourceFile.path == old).values(path=new, **values)
        await self._session.execute(moved.execution_options(synchronize_session=False))

    async def forget(self, file: SourceFile) -> None:
        """There is nothing left to know about a file."""
        await self._session.delete(file)

    async def forget_all(self) -> None:
        """Another folder has other files."""
        await self._session.execute(delete(SourceFile))

    def add(self, row: SourceFile | SourceIntent) -> None:
        """A new file, or a new intent."""
        self._session.add(row)

    async def intents(self, path: str | None = None) -> Sequence[SourceIntent]:
        """Open intents, of one file or of all, the oldest first."""
        chosen = select(SourceIntent).order_by(SourceIntent.id)
        if path is not None:
            chosen = chosen.where(SourceIntent.path == path)
        return (await self._session.scalars(chosen)).all()

    async def finish(self, intents: Collection[UUID]) -> None:
        """Forgets intents that have been carried out."""
        await self._session.execute(delete(SourceIntent).where(SourceIntent.id.in_(intents)))
