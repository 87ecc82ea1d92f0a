"""What lists may be asked, as query parameters. Unknown ones are refused."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from pressroom.features.posts.editorial_lists import EditorialFilter
from pressroom.features.posts.public import PublicFilter
from pressroom.features.posts.states import Status, Visibility
from pressroom.kernel.pagination import ListQuery
from pressroom.kernel.schema import Schema

Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Field(min_length=1, max_length=250, pattern=r"^[^\x00]+$")]
Cursor = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[\w-]+$", description="From `meta.next`")]


class CursorQuery(ListQuery):
    """A list that is paged by `offset`, or by the `cursor` that the page before gave out."""

    cursor: Cursor | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.cursor and self.offset:
            raise ValueError("Page by `cursor` or by `offset`, not by both.")
        return self


class PublicQuery(CursorQuery):
    """The public list's parameters; tags, categories and authors by their addresses."""

    tag: Annotated[Name | None, Field(description="A tag's slug")] = None
    category: Annotated[Name | None, Field(description="`first`, or `first/second`, by their slugs")] = None
    author: Annotated[Name | None, Field(description="An author's handle")] = None
    q: Annotated[Words | None, Field(description="Only posts that answer this search")] = None
    sort: Literal["-published_at", "published_at", "-updated_at", "updated_at", "-title", "title"] = "-published_at"

    def wanted(self) -> PublicFilter:
        return PublicFilter(**self.model_dump(exclude={"limit", "offset"}))


class EditorialQuery(CursorQuery):
    """The editorial list's parameters; tags and categories by their slugs or names."""

    status: Status | None = None
    visibility: Visibility | None = None
    tag: Name | None = None
    category: Annotated[Name | None, Field(description="`first`, or `first/second`")] = None
    author: Annotated[UUID | None, Field(description="An account's id")] = None
    trash: Annotated[bool, Field(description="What was deleted, instead of what was not")] = False
    trouble: Annotated[bool, Field(description="Only posts that keep the site from being built")] = False
    q: Annotated[Words | None, Field(description="Only posts that answer this search, drafts too")] = None
    sort: Literal[
        "-updated_at", "updated_at", "-created_at", "created_at", "-published_at", "published_at", "-title", "title"
    ] = "-updated_at"

    def wanted(self) -> EditorialFilter:
        return EditorialFilter(**self.model_dump(exclude={"limit", "offset"}))


class RelatedQuery(Schema):
    """The parameters of the posts related to one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=20, description="How many to answer, 1 to 20")] = 5


class SearchQuery(ListQuery):
    """What to search for: words, `"a phrase"`, `or`, `-without`."""

    q: Words = ""
