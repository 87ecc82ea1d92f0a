"""The tables of builds and releases. What a release *is* lies on disk; its row says what it was made from."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from pressroom.kernel.db.base import Base


class BuildState(StrEnum):
    """How a build went. `unchanged`: there was nothing to do, so no release was made; `cancelled`: somebody said so."""

    running = "running"
    succeeded = "succeeded"
    unchanged = "unchanged"
    failed = "failed"
    cancelled = "cancelled"


class Build(Base):
    """One making of a release, and why it failed if it did.

    `by_command`: the attached site's own command made it; then `revision` and `fingerprint` say from what, and `log`
    holds what the command printed.
    """

    __tablename__ = "builds"
    __table_args__ = (Index("ix_builds_started_at", "started_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(20))
    by_command: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_full: Mapped[bool]
    revision: Mapped[int | None] = mapped_column(BigInteger)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    files_written: Mapped[int] = mapped_column(default=0)
    release_id: Mapped[UUID | None]
    error: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    log: Mapped[str | None] = mapped_column(Text, deferred=True)


class Release(Base):
    """One finished build of the site: the public revision it shows, and the theme or the site that it was made with."""

    __tablename__ = "releases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(64))
    by_command: Mapped[bool] = mapped_column(default=False, server_default=false())
    posts: Mapped[int]
    created_at: Mapped[datetime]
