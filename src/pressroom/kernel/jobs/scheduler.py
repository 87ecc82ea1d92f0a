"""Firing schedules.

Every process may watch the clock; a schedule fires in the one that moves its `next_at` forward, in
the same transaction that enqueues the job. So there is one leader for each firing, and none to elect.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from pressroom.kernel.db.base import insert_unless_there
from pressroom.kernel.jobs.kinds import JobKind, NoArguments
from pressroom.kernel.jobs.models import ScheduleState
from pressroom.kernel.jobs.schedule import Schedule
from pressroom.kernel.services import Services


@dataclass(frozen=True, slots=True)
class _Timed:
    """A schedule whose interval is known."""

    kind: JobKind
    every: timedelta

    def after(self, moment: datetime) -> datetime:
        return moment + self.every


class Scheduler:
    """Fires what is due. A machine that slept fires each schedule once when it wakes, not once per missed time."""

    def __init__(self, services: Services, schedules: tuple[Schedule, ...]) -> None:
        self._services = services
        self._schedules = {
            schedule.kind.name: _Timed(schedule.kind, every)
            for schedule in schedules
            if (every := schedule.interval(services.settings))
        }
        self._looked_at: datetime | None = None
        self._next: datetime | None = None
        self._now = services.clock.now

    async def fire_due(self) -> None:
        """Enqueues a job for each schedule whose moment has come."""
        now = self._now()
        if not self._schedules or self._is_early(now):
            return
        known = await self._known()
        for name, schedule in self._schedules.items():
            due = known.get(name)
            if due is None:
                await self._introduce(name, schedule)
            elif due <= now:
                await self._move(schedule, due, fire=True)
            elif due > schedule.after(now):
                await self._move(schedule, due, fire=False)  # written by a clock that ran ahead
        self._next = min((await self._known()).values(), default=None)
        self._looked_at = now

    def _is_early(self, now: datetime) -> bool:
        if self._next is None or self._looked_at is None:
            return False
        return self._looked_at <= now < self._next

    async def _known(self) -> dict[str, datetime]:
        statement = select(ScheduleState.name, ScheduleState.next_at).where(ScheduleState.name.in_(self._schedules))
        async with self._services.reading() as session:
            return dict((await session.execute(statement)).all())

    async def _introduce(self, name: str, schedule: _Timed) -> None:
        async with self._services.unit() as unit:
            row = {"name": name, "next_at": schedule.after(self._now())}
            await insert_unless_there(unit.session, ScheduleState, row, unique="name")

    async def _move(self, schedule: _Timed, due: datetime, *, fire: bool) -> None:
        name = schedule.kind.name
        move = (
            update(ScheduleState)
            .where(ScheduleState.name == name, ScheduleState.next_at == due)
            .values(next_at=schedule.after(self._now()))
            .returning(ScheduleState.name)
        )
        async with self._services.unit() as unit:
            moved = (await unit.session.execute(move)).scalar_one_or_none() is not None
            if moved and fire:
                await unit.enqueue(schedule.kind, NoArguments(), key=f"schedule:{name}")
