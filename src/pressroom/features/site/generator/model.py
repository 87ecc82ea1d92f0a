"""What the generator is given: the site's description, cards of published posts, and bodies on demand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Literal, NamedTuple
from uuid import UUID

POSTS_PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What the publication says about itself.

    `base_url` is the site's origin without a trailing slash (`https://example.org`). `language` is a BCP 47 tag and
    chooses the furniture's words. `accent` is `#rrggbb`; its lightness is adjusted so that it can be read on paper
    and on ink. `favicon` replaces the drawn one by an address. `timezone` decides which day a post belongs to.
    """

    title: str
    description: str
    base_url: str
    language: str = "en"
    accent: str = "#9b2c2c"
    author: str = ""
    favicon: str | None = None
    posts_per_page: int = POSTS_PER_PAGE
    timezone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post; `handle` is the last part of `/authors/{handle}/`."""

    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class Term:
    """A tag or a category: its name for people and its slug for addresses."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture on top of a post; the size in CSS pixels where it is known."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCard:
    """A published post without its body.

    `revision` changes whenever anything that readers see changes, the body included. Times are aware UTC datetimes.
    `old_slugs` are addresses that lead here. A `members` post shows its summary only, everywhere.
    """

    id: UUID
    revision: int
    slug: str
    title: str
    published_at: datetime
    updated_at: datetime
    author: Author
    summary: str = ""
    lang: str = "en"
    tags: tuple[Term, ...] = ()
    first_category: Term | None = None
    second_category: Term | None = None
    cover: Cover | None = None
    word_count: int = 0
    minutes: int = 1
    visibility: Literal["public", "members"] = "public"
    old_slugs: tuple[str, ...] = ()

    @property
    def key(self) -> "Key":
        """The post's place in publishing order."""
        return Key(self.published_at, self.id)

    @property
    def teaser(self) -> tuple[object, ...]:
        """What other pages show of the post: while it stays the same, only the post's own page changes."""
        return (
            *(self.slug, self.title, self.summary, self.lang, self.published_at, self.minutes, self.visibility),
            *(self.author, self.tags, self.first_category, self.second_category, self.old_slugs),
        )


class Key(NamedTuple):
    """A place in publishing order: the time, then the id where two posts share it."""

    published_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a post's body; `id` is its anchor in the HTML."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PostBody:
    """A post's rendered words: HTML that is already sanitised and highlighted, and its headings in order."""

    id: UUID
    html: str
    headings: tuple[Heading, ...] = ()


LoadBodies = Callable[[Sequence[UUID]], Mapping[UUID, PostBody]]
"""Gives the bodies of a few dozen posts at a time; a missing one fails the build."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since an edition: posts published or changed, and posts that are gone."""

    upserted: tuple[PostCard, ...] = ()
    removed: frozenset[UUID] = frozenset()


class File(NamedTuple):
    """One file of a release; `path` is relative, with `/` between its parts."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Output:
    """Files to write and paths to delete; whatever is not named stays as it is."""

    files: list[File] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
