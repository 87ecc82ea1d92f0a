"""What people see of a job. Its arguments stay inside: they may hold links that sign people in."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from pressroom.kernel.jobs.models import JobState
from pressroom.kernel.pagination import ListQuery
from pressroom.kernel.schema import Schema


class JobView(Schema):
    """One piece of work outside the request.

    `progress` goes from 0 to 1. `error` has `code` and `message`, and may be there while a job waits for its
    next attempt. `run_at` is the moment before which a waiting job is not begun.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    state: JobState
    progress: float
    message: str
    attempts: int
    max_attempts: int
    cancel_requested: bool
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    actor_id: UUID | None
    run_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class LogLine(Schema):
    """What a job said, and how far it was then."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    progress: float
    message: str


class JobListQuery(ListQuery):
    """Which jobs to list."""

    state: JobState | None = None
    kind: Annotated[str | None, Field(max_length=100, pattern=r"^[a-z_.]+$", examples=["site.build"])] = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
