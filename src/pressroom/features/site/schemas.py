"""What the site answers."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from pressroom.features.posts.showings import Difference
from pressroom.features.site.models import BuildState
from pressroom.kernel.pagination import ListMeta
from pressroom.kernel.schema import Schema


class FieldFault(Schema):
    """A field of the front matter that a build refused."""

    field: str
    message: str


class BuildError(Schema):
    """Where a build stopped, as far as it is known. `post` is an address; `file` lies in the attached folder."""

    message: str
    code: str = "site.build_failed"
    post_id: UUID | None = None
    post: str | None = None
    file: str | None = None
    template: str | None = None
    fields: list[FieldFault] = Field(default_factory=list)
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """A line for people: the place, then what is wrong there."""
        place = self.file or self.template or self.post
        told = f"{place}:{self.line}" if place and self.line else place
        return f"{told}: {self.message}" if told else self.message


class BuildOut(Schema):
    """One build. `files_written` counts files that differ from the release before.

    `by_command`: the attached site's own command made it, and its log is at `…/builds/{id}/log`.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    job_id: UUID
    state: BuildState
    by_command: bool
    is_full: bool
    files_written: int
    release_id: UUID | None
    error: BuildError | None
    started_at: datetime
    finished_at: datetime | None


class ReleaseOut(Schema):
    """One kept release.

    `revision` is the public revision that it shows; `changed_since` counts the posts that readers would see
    differently if what is published now were shown to them instead.
    """

    id: UUID
    revision: int
    posts: int
    created_at: datetime
    is_live: bool
    is_pinned: bool
    changed_since: int


class ChangeCounts(Schema):
    """How many posts differ, by kind, as in `PostChange`."""

    total: int
    newer: int
    brought_back: int
    changed: int
    hidden: int
    unseen: int


class PostChange(Schema):
    """A post that differs between a release (*then*) and what it is compared with (*now*).

    `newer`: the release does not have it yet. `brought_back`: it was hidden at the time of the release.
    `changed`: both show it, at two versions. `hidden`: the release shows it; it was taken back since. `unseen`: the
    release shows it; what it is compared with is older and does not have it yet.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    slug: str = Field(description="Its address; once it is hidden, the one that the release shows it at")
    kind: Difference
    title_then: str
    title_now: str
    version_then: int | None = Field(description="`null` where the release does not show it")
    version_now: int | None = Field(description="`null` where what it is compared with does not show it")
    words: bool = Field(description="Whether the words differ, not only where it stands or whose name it bears")


class ReleaseDetail(ReleaseOut):
    """One kept release, and a page of what taking it live would change for readers.

    `counts` and `changes` compare it with what is live; `words` says how many posts would get words of this release
    back with `{"words": true}`.
    """

    counts: ChangeCounts
    words: int
    changes: list[PostChange]
    meta: ListMeta


class Activation(Schema):
    """How to take a release live."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: bool = Field(default=False, description="Also save the words that it shows, as new versions of the posts")


class Activated(ReleaseOut):
    """The release that is live now, and how many posts readers see differently.

    Where words are brought back, `job_id` is the job that does it. Its result counts the posts that were `restored`,
    had the `same` words, were `refused` (see `refusals`) and were `left` as they are (see `left_alone`).
    """

    counts: ChangeCounts
    job_id: UUID | None


class Refusal(Schema):
    """A post that was left as it is, and why."""

    slug: str
    code: str
    message: str


class WordsBack(Schema):
    """What bringing words back came to.

    `restored` posts have a new version; `same` had those words. `refused` ones could not be saved: the first 100 are
    in `refusals`, and all are in the job's log. `left` counts the posts that only one side shows, and which stay as
    they are; the first 100 are in `left_alone`.
    """

    restored: int = 0
    same: int = 0
    refused: int = 0
    refusals: list[Refusal] = Field(default_factory=list)
    left: int = 0
    left_alone: list[PostChange] = Field(default_factory=list)


class Waiting(Schema):
    """What is published and not live: how many posts, and the first 100 of them."""

    counts: ChangeCounts
    posts: list[PostChange]


class MakerOut(Schema):
    """What makes the site: the built-in theme, or an attached site's own command."""

    generator: str
    command: str | None
    builds_by_itself: bool = Field(description="Whether a change that readers would see starts a build")


class SiteOut(Schema):
    """What readers see now, and what waits to be seen: for the next build, or behind a pin."""

    made_by: MakerOut
    live: ReleaseOut | None
    pinned_to: UUID | None
    public_revision: int
    waiting: Waiting
    last_build: BuildOut | None


class BuildAsked(Schema):
    """A build was asked for: follow its job."""

    job_id: UUID


class Unpinned(BuildAsked):
    """The newest release is live, a build follows; `counts` says what had waited."""

    counts: ChangeCounts
