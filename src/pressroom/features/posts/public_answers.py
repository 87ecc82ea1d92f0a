"""What readers get, as the OpenAPI document tells it. The bytes are made in `public.py`; a test holds them together."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict

from pressroom.features.posts.answers import HeadingOut, Reading
from pressroom.kernel.schema import Schema


class _Answer(Schema):
    model_config = ConfigDict(extra="forbid")


class AuthorOut(_Answer):
    """Who wrote it; `handle` is the last part of the author's page."""

    name: str
    handle: str


class TermOut(_Answer):
    """A tag or a category."""

    name: str
    slug: str


class PublicCard(_Answer):
    """A post without its words."""

    id: UUID
    slug: str
    title: str
    summary: str
    lang: str
    visibility: Literal["public", "members"]
    published_at: datetime
    updated_at: datetime
    author: AuthorOut
    tags: list[TermOut]
    first_level_category: TermOut | None
    second_level_category: TermOut | None
    cover: str | None
    readingMetadata: Reading  # noqa: N815  # the name in front matter


class PublicPost(PublicCard):
    """A post. A members' post has no `content_html` here."""

    sourceLink: str | None  # noqa: N815  # the name in front matter
    licenseName: str | None  # noqa: N815  # the same
    licenseUrl: str | None  # noqa: N815  # the same
    content_html: str | None
    headings: list[HeadingOut]


class ExcerptOut(_Answer):
    """The place that answers a search: as text with the spans of the hits, and as safe HTML with `<mark>`."""

    text: str
    spans: list[tuple[int, int]]
    html: str


class SearchHit(PublicCard):
    """A post that answers a search."""

    excerpt: ExcerptOut


class TagOut(TermOut):
    """A tag and how many posts carry it."""

    count: int


class CategoryOut(TermOut):
    """A second-level category and how many posts are in it."""

    count: int


class CategoryTree(TermOut):
    """A first-level category, how many posts are in it, and the categories below it."""

    count: int
    children: list[CategoryOut]


class Categories(_Answer):
    """Both levels of categories."""

    data: list[CategoryTree]
