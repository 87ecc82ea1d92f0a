"""All SQL of the attached folder. Private to the slice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.source.models import SourceConflict, SourceFile, SourceIntent

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

    async def known(self, paths: Collection[str]) -> dict[str, Known]:
        """What is known of these files."""
        columns = [getattr(SourceFile, name) for name in Known.__slots__]
        rows = await self._session.execute(select(*columns).where(SourceFile.path.in_(paths)))
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
        found: dict[UUID, SourceFile] = {}
        for start in range(0, len(post_ids), _CHUNK):
            chosen = select(SourceFile).where(SourceFile.post_id.in_(post_ids[start : start + _CHUNK]))
            found |= {row.post_id: row for row in await self._session.scalars(chosen) if row.post_id}
        return found

    async def latest(self, limit: int) -> list[tuple[str, str]]:
        """Files that posts were made of, those that were seen last first: path and digest."""
        readable = (SourceFile.post_id.is_not(None), SourceFile.gone.is_(False), SourceFile.error.is_(None))
        chosen = select(SourceFile.path, SourceFile.digest).where(*readable)
        rows = await self._session.execute(chosen.order_by(SourceFile.seen_at.desc(), SourceFile.path).limit(limit))
        return [(row.path, row.digest) for row in rows]

    async def standing(self, limit: int) -> Sequence[str]:
        """The first paths of files that were seen on disk and whose posts stand."""
        chosen = select(SourceFile.path).where(SourceFile.gone.is_(False), SourceFile.size >= 0)
        return (await self._session.scalars(chosen.order_by(SourceFile.path).limit(limit))).all()

    async def problems(self) -> dict[str, list[list[str]]]:
        """What the site's build would refuse, by path: fields and sentences."""
        chosen = select(SourceFile.path, SourceFile.problems).where(SourceFile.gone.is_(False))
        rows = await self._session.execute(chosen.where(SourceFile.problems.is_not(None)).order_by(SourceFile.path))
        return {row.path: row.problems for row in rows}

    async def paths(self, post_ids: Sequence[UUID]) -> dict[UUID, str]:
        """Where the files of these posts are."""
        found = dict[UUID, str]()
        for start in range(0, len(post_ids), _CHUNK):
            chosen = SourceFile.post_id.in_(post_ids[start : start + _CHUNK])
            rows = await self._session.execute(select(SourceFile.post_id, SourceFile.path).where(chosen))
            found.update({row.post_id: row.path for row in rows if row.post_id})
        return found

    async def move(self, old: str, new: str, **values: Any) -> None:
        """Gives a file its new path; what was noted of an unreadable file there is forgotten."""
        await self._session.execute(delete(SourceFile).where(SourceFile.path == new))
        moved = update(SourceFile).where(SourceFile.path == old).values(path=new, **values)
        await self._session.execute(moved.execution_options(synchronize_session=False))
        open_here = (SourceConflict.path == old, SourceConflict.resolved_at.is_(None))
        await self._session.execute(update(SourceConflict).where(*open_here).values(path=new))

    async def forget(self, file: SourceFile) -> None:
        """There is nothing left to know about a file."""
        await self._session.delete(file)

    async def forget_all(self) -> None:
        """Another folder has other files, and nothing on its way to them."""
        await self._session.execute(delete(SourceFile))
        await self._session.execute(delete(SourceIntent))

    def add(self, row: SourceFile | SourceIntent) -> None:
        """A new file, or a new intent."""
        self._session.add(row)

    async def add_rows(self, files: Sequence[Mapping[str, Any]]) -> None:
        """New files by the hundred, each with the same columns."""
        if files:
            await self._session.execute(insert(SourceFile.metadata.tables[SourceFile.__tablename__]), files)

    async def intents(self, path: str | None = None) -> Sequence[SourceIntent]:
        """Open intents, of one file or of all, the oldest first."""
        chosen = select(SourceIntent).order_by(SourceIntent.id)
        if path is not None:
            chosen = chosen.where(SourceIntent.path == path)
        return (await self._session.scalars(chosen)).all()

    async def waiting(self, path: str | None = None) -> list[str]:
        """Which files wait for a save that is committed: this one, or all."""
        chosen = select(SourceIntent.path).distinct().order_by(SourceIntent.path)
        if path is not None:
            chosen = chosen.where(SourceIntent.path == path)
        return list((await self._session.scalars(chosen)).all())

    async def agree(self, intents: Collection[UUID]) -> None:
        """These were carried out: files that hold what their rows were ahead by have the same words again."""
        done = SourceIntent.id.in_(intents)
        ours = (SourceIntent.path == SourceFile.path) & (SourceIntent.content == SourceFile.ours)
        # The first condition finds the files by their key, the second tells those that a later save has left behind.
        here = SourceFile.path.in_(select(SourceIntent.path).where(done))
        agreed = update(SourceFile).where(here, select(SourceIntent.id).where(done, ours).exists())
        await self._session.execute(agreed.values(base=None, ours=None))

    async def refresh(self, file: SourceFile) -> None:
        """Reads what is known of a file anew; whoever has locked its post has it to themselves."""
        await self._session.refresh(file)

    async def finish(self, intents: Collection[UUID]) -> None:
        """Forgets intents that have been carried out."""
        await self._session.execute(delete(SourceIntent).where(SourceIntent.id.in_(intents)))
