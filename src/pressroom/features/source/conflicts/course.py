"""The course of a conflict: opened, followed while the file changes on, ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pressroom.features.posts.importing.mapping import as_json
from pressroom.features.source.ahead import agree
from pressroom.features.source.conflicts.events import ConflictEnded, PostConflicted
from pressroom.features.source.conflicts.repository import SourceConflicts
from pressroom.features.source.faithful import REMOVED
from pressroom.features.source.merging import Clash, Conflict
from pressroom.features.source.models import SourceConflict, SourceFile
from pressroom.kernel.ids import new_id
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


class Course:
    """Conflicts of one unit of work; whoever uses it has locked the posts they belong to."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._now = services.clock.now
        self._unit = unit
        self._conflicts = SourceConflicts(unit.session)

    async def find(self, file: SourceFile) -> SourceConflict | None:
        """The open conflict of a file."""
        return await self._conflicts.find(file.conflict_id)

    async def open(self, file: SourceFile, post_id: UUID, found: Conflict, *, base: bytes) -> None:
        """Keeps both texts for a person; the row is no longer ahead of its file by itself."""
        now = self._now()
        conflict = SourceConflict(
            id=new_id(),
            post_id=post_id,
            path=file.path,
            version=1,
            created_at=now,
            updated_at=now,
            clashes=_told(found.clashes),
            base=base,
            ours=found.ours,
            theirs=found.theirs,
        )
        self._conflicts.add(conflict)
        agree(file)
        file.conflict_id = conflict.id
        await self._unit.session.flush()
        await self._unit.announce(PostConflicted(post_id, conflict.id))

    def follow(self, conflict: SourceConflict, found: Conflict) -> None:
        """The file was changed again, and the changes still touch."""
        conflict.theirs, conflict.clashes = found.theirs, _told(found.clashes)
        conflict.version += 1
        conflict.updated_at = self._now()

    async def end(self, file: SourceFile, resolution: str, *, by: UUID | None = None) -> None:
        """The open conflict of a file is over, if there is one."""
        conflict = await self.find(file)
        if conflict is None:
            return
        conflict.resolution, conflict.resolved_by = resolution, by
        conflict.resolved_at = conflict.updated_at = self._now()
        conflict.version += 1
        file.conflict_id = None
        await self._unit.announce(ConflictEnded(conflict.post_id, conflict.id, resolution))

    async def end_all(self, resolution: str) -> None:
        """Every open conflict is over."""
        for conflict_id, post_id in await self._conflicts.end_all(resolution, self._now()):
            await self._unit.announce(ConflictEnded(post_id, conflict_id, resolution))


def _told(clashes: Sequence[Clash]) -> list[dict[str, Any]]:
    """As JSON; of a key that is not there the value is null."""
    sides = ("base", "ours", "theirs")
    return [
        {"kind": each.kind, "where": each.where}
        | {side: None if (value := getattr(each, side)) is REMOVED else as_json(value) for side in sides}
        for each in clashes
    ]
