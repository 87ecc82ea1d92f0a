"""The tables of jobs, their events and their schedules."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base


class JobState(StrEnum):
    """Where a job stands. The last three are final."""

    queued = "queued"
    running = "running"
    succeeded = "succeeded"
    failed = "failed"
    cancelled = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (JobState.queued, JobState.running)


class Job(Base):
    """One piece of work.

    `pending_key` is the coalescing key while the job waits, `running_lane` its lane while it runs; both
    are unique and empty otherwise, so that the database itself refuses a second one.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_run_at", "state", "run_at"),
        Index("ix_jobs_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(100))
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20))
    lane: Mapped[str | None] = mapped_column(String(100))
    pending_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    running_lane: Mapped[str | None] = mapped_column(String(100), unique=True)
    progress: Mapped[float] = mapped_column(default=0.0)
    message: Mapped[str] = mapped_column(String(500), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=1)
    checkpoint: Mapped[dict[str, Any] | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    run_at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    actor_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobEvent(Base):
    """A line of a job's log: what it said and how far it was."""

    __tablename__ = "job_events"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    progress: Mapped[float]
    message: Mapped[str] = mapped_column(Text)


class ScheduleState(Base):
    """When a schedule fires next. Whoever moves the moment forward is the one who fires."""

    __tablename__ = "schedules"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    next_at: Mapped[datetime]
