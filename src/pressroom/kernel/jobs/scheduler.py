"""Firing schedules.

Every process may watch the clock; a schedule fires in the one that moves its `next_at` forward, in
the same transaction that enqueues the job. So there is one leader for each firing, and none to elect.
"""

from datetime import datetime

from sqlalchemy import select, update

from pressroom.kernel.jobs.kinds import NoArguments
from pressroom.kernel.jobs.models import ScheduleState
from pressroom.kernel.jobs.schedule import Schedule
from pressroom.kernel.services import Services


class Scheduler:
    """Fires what is due. A machine that slept fires each schedule once when it wakes, not once per missed time."""

    def __init__(self, services: Services, schedules: tuple[Schedule, ...]) -> None:
        self._services = services
        self._schedules = {schedule.kind.name: schedule for schedule in schedules}
        self._next: datetime | None = None
        self._now = services.clock.now

    async def fire_due(self) -> None:
        """Enqueues a job for each schedule whose moment has come."""
        if not self._schedules or (self._next is not None and self._now() < self._next):
            return
        known = await self._known()
        for name, schedule in self._schedules.items():
            due = known.get(name)
            if due is None:
                await self._introduce(name, schedule)
            elif due <= self._now():
                await self._fire(schedule, due)
        self._next = min((await self._known()).values(), default=None)

    async def _known(self) -> dict[str, datetime]:
        statement = select(ScheduleState.name, ScheduleState.next_at).where(ScheduleState.name.in_(self._schedules))
        async with self._services.reading() as session:
            return dict((await session.execute(statement)).tuples().all())

    async def _introduce(self, name: str, schedule: Schedule) -> None:
        async with self._services.unit() as unit:
            if await unit.session.get(ScheduleState, name) is None:
                unit.session.add(ScheduleState(name=name, next_at=schedule.after(self._now())))

    async def _fire(self, schedule: Schedule, due: datetime) -> None:
        name = schedule.kind.name
        move = (
            update(ScheduleState)
            .where(ScheduleState.name == name, ScheduleState.next_at == due)
            .values(next_at=schedule.after(self._now()))
            .returning(ScheduleState.name)
        )
        async with self._services.unit() as unit:
            if (await unit.session.execute(move)).scalar_one_or_none() is not None:
                await unit.enqueue(schedule.kind, NoArguments(), key=f"schedule:{name}")
