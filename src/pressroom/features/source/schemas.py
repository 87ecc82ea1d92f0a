"""What the slice answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from pressroom.features.source.schema import Kind, Origin
from pressroom.kernel.schema import Schema


class FormPart(Schema):
    """What one value may be. `item` is what a list holds, `fields` what an object holds.

    Bounds are those of a number, or of the length of a text or a list; `above` and `below` are not included.
    """

    name: str
    kind: Kind
    required: bool = Field(description="The site's build fails without it")
    default: Any = Field(description="What the site takes when it is missing")
    values: list[Any] = Field(description="The only values allowed, of an `enum`")
    help: str = Field(description="What the site's author wrote about it")
    nullable: bool
    is_whole: bool
    is_address: bool
    minimum: float | None
    maximum: float | None
    above: float | None
    below: float | None
    item: "FormPart | None"
    fields: list["FormPart"]


class FormField(FormPart):
    """A field of a post. `name` is the key in the file, `pointer` leads to its place in a flat body.

    `computed`: it is counted here and cannot be set.
    """

    pointer: str
    computed: bool


class SchemaOut(Schema):
    """The form of a post's front matter.

    `binds`: the site's build checks it, so a post that does not fit is not published. Otherwise it is only a help.
    """

    origin: Origin = Field(description="The site's own schema, what its posts have in common, or the default contract")
    binds: bool
    note: str | None = Field(description="Why the site's schema could not be read")
    fields: list[FormField]


class GitOut(Schema):
    """The working tree of git around the folder.

    `branch` is empty on a detached HEAD; `unfinished` names the merge or rebase that waits for somebody.
    """

    top: str
    branch: str | None
    unfinished: str | None


class FolderOut(Schema):
    """The attached folder. `build` is the site's own command; without one the built-in theme publishes."""

    content: str
    root: str
    generator: str
    build: str | None
    attached_at: datetime
    git: GitOut | None


class SourceOut(Schema):
    """The folder that is attached, if one is, and what stands in the way of the one that the settings ask for."""

    folder: FolderOut | None
    notice: str | None


class PullAsked(Schema):
    """A pull was asked for: follow its job."""

    job_id: UUID
