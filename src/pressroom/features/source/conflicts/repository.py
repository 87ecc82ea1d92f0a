"""All SQL of conflicts. Private to the slice."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.source.models import SourceConflict, SourceFile

_CARD = ("id", "post_id", "path", "version", "created_at", "updated_at")


class SourceConflicts:
    """Conflicts in one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, conflict_id: UUID | None) -> SourceConflict | None:
        """A conflict, open or over, as it is now."""
        if conflict_id is None:
            return None
        return await self._session.get(SourceConflict, conflict_id, populate_existing=True)

    async def list_open(self) -> Sequence[Row[Any]]:
        """Every open conflict without its texts, the oldest first."""
        columns = [getattr(SourceConflict, name) for name in _CARD]
        chosen = select(*columns).where(SourceConflict.resolved_at.is_(None)).order_by(SourceConflict.id)
        return (await self._session.execute(chosen)).all()

    def add(self, conflict: SourceConflict) -> None:
        """A new conflict."""
        self._session.add(conflict)

    async def end_all(self, resolution: str, now: datetime) -> Sequence[tuple[UUID, UUID]]:
        """Ends every open conflict. Returns their ids with those of their posts."""
        over = update(SourceConflict).where(SourceConflict.resolved_at.is_(None))
        values: dict[str, Any] = {"resolved_at": now, "updated_at": now, "resolution": resolution}
        ended = over.values(version=SourceConflict.version + 1, **values)
        rows = await self._session.execute(ended.returning(SourceConflict.id, SourceConflict.post_id))
        found = [(row.id, row.post_id) for row in rows]
        await self._free([conflict_id for conflict_id, _ in found])
        return found

    async def _free(self, conflicts: Collection[UUID]) -> None:
        freed = update(SourceFile).where(SourceFile.conflict_id.in_(conflicts)).values(conflict_id=None)
        await self._session.execute(freed)
