"""One request or one task is one unit of work, and only the kernel commits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.kernel.events import Event, EventBus

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pressroom.kernel.jobs import JobKind
    from pressroom.kernel.services import Services

log = structlog.get_logger(__name__)
Action = Callable[[], Awaitable[None]]


class UnitOfWork:
    """A session, the events announced in it, and what follows its end.

    Everything written through it becomes durable together, or not at all. It dies with the process:
    a kill before the commit leaves the database as it was.
    """

    def __init__(self, session: AsyncSession, bus: EventBus, services: "Services") -> None:
        self.session = session
        self._bus = bus
        self._services = services
        self._revision: int | None = None
        self._after_commit: list[Action] = []
        self._after_rollback: list[Action] = []

    async def announce(self, event: Event) -> None:
        """Tells every listener, in this transaction; a listener that fails takes it all back."""
        for handler in self._bus.handlers(event):
            await handler(self._services, self, event)

    async def enqueue(
        self,
        kind: "JobKind",
        arguments: "BaseModel",
        *,
        key: str | None = None,
        run_at: datetime | None = None,
        actor_id: UUID | None = None,
    ) -> UUID:
        """Writes a job in this transaction; the runner hears of it after the commit.

        Args:
            kind: what is to be done.
            arguments: with what; an instance of the kind's arguments class.
            key: a job that waits under the same key is used instead of a new one.
            run_at: not before this moment.
            actor_id: who asked.
        """
        from pressroom.kernel.jobs.queue import enqueue  # noqa: PLC0415  # the queue is built on units

        job_id = await enqueue(
            self.session, self._services.clock, kind, arguments, key=key, run_at=run_at, actor_id=actor_id
        )
        self.after_commit(self._services.notify_runner)
        return job_id

    def moved_revision(self, value: int) -> None:
        """The public revision will be `value` once this unit commits."""
        self._revision = value

    def after_commit(self, action: Action) -> None:
        """Runs `action` once everything is durable; its failure is logged and changes nothing."""
        if action not in self._after_commit:
            self._after_commit.append(action)

    def after_rollback(self, action: Action) -> None:
        """Runs `action` when the unit fails: for facts that must survive the error, in a unit of their own."""
        self._after_rollback.append(action)

    async def commit(self) -> bool:
        """Called once by the database. A commit that has begun is seen to its end, even when the caller is cancelled.

        Returns:
            Whether the caller was cancelled meanwhile; everything is durable all the same.
        """
        commit = asyncio.ensure_future(self.session.commit())
        try:
            await asyncio.shield(commit)
        except asyncio.CancelledError:
            await asyncio.wait([commit])
            commit.result()
            return True
        return False

    async def ran(self, *, committed: bool) -> None:
        """Called once by the database when the unit has ended."""
        if committed and self._revision is not None:
            self._services.revision.saw(self._revision)
        for action in self._after_commit if committed else self._after_rollback:
            try:
                await action()
            except Exception:
                log.exception("unit.follow_up_failed", committed=committed)
