"""What conflicts look like over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from pressroom.features.posts.words import CONTENT
from pressroom.kernel.schema import Schema

LONGEST = CONTENT + 200_000
Resolution = Literal["ours", "theirs", "text", "merged", "deleted", "detached"]


class ConflictPost(Schema):
    """The post that is in conflict."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    slug: str
    title: str


class ConflictCard(Schema):
    """A conflict without its texts. `version` is what `If-Match` names; `path` is the file's, inside the folder."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    post: ConflictPost
    path: str
    created_at: datetime
    updated_at: datetime


class ClashOut(Schema):
    """A place that both sides changed, each in its own way.

    `where` is the key of the front matter, or the first line in our body, counting from 1. Of a key that is not there
    the value is null.
    """

    kind: Literal["key", "body", "layout"]
    where: str
    base: Any
    ours: Any
    theirs: Any


class CellOut(Schema):
    """A line of one side; `spans` are the places (`[start, end]`) that differ from the other side's line."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    text: str
    spans: list[tuple[int, int]]


class RowOut(Schema):
    """Two lines beside each other; the side that has none is null."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["same", "changed", "ours", "theirs"]
    ours: CellOut | None
    theirs: CellOut | None


class StretchOut(Schema):
    """A stretch of differences, with the lines around it."""

    model_config = ConfigDict(from_attributes=True)

    rows: list[RowOut]


class ConflictOut(ConflictCard):
    """A conflict with both texts whole.

    `ours` was saved here, `theirs` stands on disk, `base` is what both came from; `hunks` show ours beside theirs.
    `resolution` says how it ended: `ours`, `theirs` or `text` by a person, `merged` once the changes no longer
    touched, `deleted` with its post, `detached` with its folder; null while it is open.
    """

    base: str
    ours: str
    theirs: str
    hunks: list[StretchOut]
    clashes: list[ClashOut]
    resolved_at: datetime | None
    resolved_by: UUID | None
    resolution: Resolution | None


class ResolveBody(Schema):
    """One of the two texts, or a whole file of your own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    take: Literal["ours", "theirs"] | None = None
    text: Annotated[str | None, Field(min_length=1, max_length=LONGEST)] = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.take is None) == (self.text is None):
            raise ValueError("Send `take` (ours or theirs), or `text`.")
        return self
