"""What the site answers."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from pressroom.features.site.models import BuildState


class BuildError(BaseModel):
    """Where a build stopped: the post and the place in the theme, where they are known."""

    message: str
    post: str | None = None
    template: str | None = None
    line: int | None = None


class BuildOut(BaseModel):
    """One build. `files_written` counts files that differ from the release before."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    job_id: UUID
    state: BuildState
    is_full: bool
    files_written: int
    release_id: UUID | None
    error: BuildError | None
    started_at: datetime
    finished_at: datetime | None


class ReleaseOut(BaseModel):
    """One kept release. `revision` is the public revision that it shows."""

    id: UUID
    revision: int
    posts: int
    created_at: datetime
    is_live: bool
    is_pinned: bool


class SiteOut(BaseModel):
    """What readers see now, and whether newer words wait behind a pin."""

    live: ReleaseOut | None
    pinned_to: UUID | None
    public_revision: int
    changed_since: list[str]
    last_build: BuildOut | None


class BuildAsked(BaseModel):
    """A build was asked for: follow its job."""

    job_id: UUID
