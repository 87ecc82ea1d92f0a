"""Published posts in bulk, for whoever prints them: what changed since a public revision, and bodies on demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import PostNotFound
from pressroom.features.posts.models import Post, PostSlug
from pressroom.features.posts.public_queries import CARD
from pressroom.features.posts.service.typesetting import Told, Typesetting
from pressroom.features.posts.states import Visibility
from pressroom.kernel.revision import read
from pressroom.kernel.services import Services

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PublicAuthor:
    """Who wrote a post; `handle` is the last part of the author's page."""

    name: str
    handle: str


@dataclass(frozen=True, slots=True)
class PublicTerm:
    """A tag or a category."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCard:
    """A post that readers see, without its words.

    `revision` is the public revision of its last change, words included. A `members` post shows its summary only.
    `cover` is an address; `old_slugs` lead here. Times are aware, in UTC.
    """

    id: UUID
    revision: int
    slug: str
    title: str
    summary: str
    lang: str
    published_at: datetime
    updated_at: datetime
    author: PublicAuthor
    tags: tuple[PublicTerm, ...]
    first_category: PublicTerm | None
    second_category: PublicTerm | None
    cover: str | None
    word_count: int
    minutes: int
    visibility: Literal["public", "members"]
    old_slugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicHeading:
    """A heading of a body; `id` is its anchor."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicBody:
    """Sanitised HTML and its headings; empty for a members' post, whose words leave the database for nobody here."""

    id: UUID
    html: str
    headings: tuple[PublicHeading, ...]


@dataclass(frozen=True, slots=True)
class PublicChanges:
    """Posts that are new or changed, and those that are gone, as of `revision`."""

    revision: int
    cards: list[PublicCard]
    gone: list[UUID]


async def changes_since(session: AsyncSession, revision: int | None) -> PublicChanges:
    """What readers see differently since `revision`; everything there is for `None`. Three queries.

    A change that is committed while this reads may be told now and once more the next time, never not at all.
    """
    now = await read(session)
    changed = Post.public_revision > revision if revision is not None else Post.public_at.is_not(None)
    moved = select(PostSlug.slug, PostSlug.post_id).join(Post, Post.id == PostSlug.post_id).where(changed)
    old: dict[UUID, list[str]] = {}
    for slug, post_id in (await session.execute(moved.order_by(PostSlug.slug))).all():
        old.setdefault(post_id, []).append(slug)
    rows = (await session.execute(select(*CARD, Post.public_revision).where(changed).order_by(Post.public_at))).all()
    return PublicChanges(
        revision=now,
        cards=[_card(row, tuple(old.get(row.id, ()))) for row in rows if row.public_at],
        gone=[row.id for row in rows if not row.public_at],
    )


async def count(session: AsyncSession) -> int:
    """How many posts readers see."""
    return int(await session.scalar(select(func.count()).where(Post.public_at.is_not(None))) or 0)


async def find_id(session: AsyncSession, slug: str) -> UUID | None:
    """The post at this address."""
    return await session.scalar(select(Post.id).where(Post.slug == slug, Post.deletion == ""))


async def bodies(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, PublicBody]:
    """The bodies of these posts, as far as readers see them; 500 posts a query."""
    found: dict[UUID, PublicBody] = {}
    columns = (Post.id, Post.visibility, Post.content_html, Post.content_json)
    for start in range(0, len(ids), _CHUNK):
        wanted = Post.id.in_(ids[start : start + _CHUNK])
        for row in (await session.execute(select(*columns).where(wanted, Post.public_at.is_not(None)))).all():
            found[row.id] = _body(row)
    return found


async def typeset_all(services: Services, told: Told) -> None:
    """Every post is whole when this returns: what a printer asks for first, so that none is missing from the edition.

    Args:
        services: the program's.
        told: hears how many posts are whole by now, of how many that were not; never called when all were.
    """
    await Typesetting(services).all(told)


async def as_if_published(services: Services, post_id: UUID) -> tuple[PublicCard, PublicBody]:
    """A post as readers would see it if it were published with the words that are saved now, whatever its status.

    Raises:
        PostNotFound: there is none, or it is in the trash.
    """
    columns = (*CARD, Post.public_revision, Post.published_at, Post.content_html, Post.content_json)
    statement = select(*columns).where(Post.id == post_id, Post.deletion == "")
    await Typesetting(services).now([post_id])
    async with services.reading() as session:
        row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise PostNotFound
    body = PublicBody(row.id, row.content_html, _headings(row))
    return _card(row, (), at=row.published_at or services.clock.now()), body


def _card(row: Any, old_slugs: tuple[str, ...], *, at: datetime | None = None) -> PublicCard:
    at = at or row.public_at
    return PublicCard(
        id=row.id,
        revision=row.public_revision or 0,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        lang=row.lang,
        published_at=at,
        updated_at=max(row.updated_at, at),
        author=PublicAuthor(row.author_name, row.author_handle),
        tags=tuple(PublicTerm(**tag) for tag in row.tags),
        first_category=_term(row.first_category, row.first_category_slug),
        second_category=_term(row.second_category, row.second_category_slug),
        cover=row.cover,
        word_count=row.word_count,
        minutes=row.minutes,
        visibility=row.visibility,
        old_slugs=old_slugs,
    )


def _term(name: str | None, slug: str | None) -> PublicTerm | None:
    return PublicTerm(name, slug) if name and slug else None


def _body(row: Any) -> PublicBody:
    if row.visibility != Visibility.public:
        return PublicBody(row.id, "", ())
    return PublicBody(row.id, row.content_html, _headings(row))


def _headings(row: Any) -> tuple[PublicHeading, ...]:
    return tuple(PublicHeading(**each) for each in row.content_json["headings"])
