"""The editorial list: every status, every filter, always two queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.keyset import Order, cursor_after, place_of
from pressroom.features.posts.models import Post, PostTag, PostTrouble, Tag
from pressroom.features.posts.search_index import search_index, understood
from pressroom.features.posts.states import Status, Visibility
from pressroom.features.posts.terms import term_key

SORTS: dict[str, ColumnElement[Any]] = {
    "updated_at": Post.__table__.c.updated_at,
    "created_at": Post.__table__.c.created_at,
    "published_at": func.coalesce(Post.published_at, Post.created_at),
    "title": Post.__table__.c.title,
}
CARD = (
    *(Post.id, Post.author_id, Post.author_name, Post.title, Post.slug, Post.deletion, Post.status, Post.visibility),
    *(Post.published_at, Post.description, Post.summary, Post.lang, Post.first_category, Post.second_category),
    *(Post.tags, Post.cover, Post.word_count, Post.minutes, Post.comments_count, Post.likes_count),
    *(Post.bookmarks_count, Post.version, Post.created_at, Post.updated_at, Post.deleted_at, Post.front),
)

HAS_TROUBLE = and_(PostTrouble.post_id == Post.id, PostTrouble.version == Post.version)
TROUBLE = (
    PostTrouble.message.label("trouble"),
    PostTrouble.field.label("trouble_field"),
    PostTrouble.line.label("trouble_line"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorialFilter:
    """Which posts a list shows, and in which order (`-` for falling)."""

    status: Status | None = None
    visibility: Visibility | None = None
    tag: str | None = None
    category: str | None = None
    author: UUID | None = None
    trash: bool = False
    trouble: bool = False
    q: str | None = None
    sort: str = "-updated_at"
    cursor: str | None = None


async def editorial_page(
    session: AsyncSession, wanted: EditorialFilter, *, mine: UUID | None, limit: int, offset: int
) -> tuple[Sequence[Any], int, str | None]:
    """Rows with the columns of `CARD`, the number of all, and the cursor of the next page."""
    name = wanted.sort.removeprefix("-")
    order = Order(SORTS[name], wanted.sort.startswith("-"))
    columns = select(*CARD, *TROUBLE, order.column.label("place")).outerjoin(PostTrouble, HAS_TROUBLE)
    base, values = _filtered(session, columns, wanted, mine=mine)
    counted, _ = _filtered(session, select(func.count()).select_from(Post), wanted, mine=mine)
    total = int((await session.execute(counted, values)).scalar_one())
    if wanted.cursor:
        values |= place_of(wanted.cursor, wanted.sort, timely=name != "title")
        base = base.where(order.after())
    rows = (await session.execute(order.by(base).limit(limit + 1).offset(offset), values)).all()
    more = len(rows) > limit
    after = cursor_after(wanted.sort, rows[limit - 1].place, rows[limit - 1].id) if more else None
    return rows[:limit], total, after


def _filtered(
    session: AsyncSession, statement: Select[Any], wanted: EditorialFilter, *, mine: UUID | None
) -> tuple[Select[Any], dict[str, Any]]:
    equal: dict[ColumnElement[Any], Any] = {
        Post.__table__.c.status: wanted.status,
        Post.__table__.c.visibility: wanted.visibility,
        Post.__table__.c.author_id: mine or wanted.author,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if mine and wanted.author:
        conditions.append(Post.author_id == wanted.author)
    conditions.append(Post.deletion != "" if wanted.trash else Post.deletion == "")
    if wanted.trouble:
        conditions.append(exists().where(HAS_TROUBLE).correlate(Post))
    if wanted.tag:
        tagged = select(PostTag.post_id).join(Tag).where(or_(Tag.slug == wanted.tag, Tag.key == term_key(wanted.tag)))
        conditions.append(Post.id.in_(tagged))
    if wanted.category:
        conditions.append(_in_category(wanted.category))
    values: dict[str, Any] = {}
    if wanted.q:
        conditions.append(_found(session, wanted.q, values))
    return statement.where(*conditions), values


def _in_category(category: str) -> ColumnElement[bool]:
    """`first` or `first/second`, each by its address or its name."""
    first, _, second = category.partition("/")
    condition = or_(Post.first_category_slug == first, Post.first_category == first)
    if second:
        condition &= or_(Post.second_category_slug == second, Post.second_category == second)
    return condition


def _found(session: AsyncSession, typed: str, values: dict[str, Any]) -> ColumnElement[bool]:
    """Whether a post answers a search; a search for nothing finds nothing."""
    query = understood(typed)
    if query is None:
        return Post.id.is_(None)
    index = search_index(is_sqlite=session.get_bind().dialect.name == "sqlite")
    values["search"] = index.typed(query, everything=True)
    return Post.id.in_(select(index.matching.c.post_id))
