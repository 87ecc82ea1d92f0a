"""The statements of public reads, built once for each shape and kept; no ORM objects are made."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, func, literal, select

from pressroom.features.posts.keyset import Order
from pressroom.features.posts.models import UNTYPESET, Post, PostSlug, PostTag, Tag
from pressroom.features.posts.search_index import search_index
from pressroom.features.posts.states import Status, Visibility

IS_PUBLIC = Post.public_at.is_not(None)
CARD = (
    *(Post.id, Post.slug, Post.title, Post.summary, Post.lang, Post.visibility, Post.public_at, Post.updated_at),
    *(Post.author_name, Post.author_handle, Post.first_category, Post.first_category_slug, Post.second_category),
    *(Post.second_category_slug, Post.tags, Post.cover, Post.word_count, Post.minutes),
)
# Where a hit lies deeper than this, the excerpt is the text's beginning: finding it would take longer than the search.
SHOWN = 8_000
SORTS: dict[str, ColumnElement[Any]] = {
    "published_at": Post.__table__.c.public_at,
    "updated_at": Post.__table__.c.updated_at,
    "title": Post.__table__.c.title,
}
_ONE: BindParameter[str] = bindparam("slug")


class Shape(NamedTuple):
    """What kind of list is asked for; the values come as parameters."""

    sort: str
    after: bool
    filters: frozenset[str]
    dialect: str


@cache
def listing(shape: Shape) -> Select[Any]:
    """A page of cards, each with the number of all (`total`) and its place in the order (`place`).

    Binds `limit` and `offset`, the filters (`tag`, `first`, `second`, `author`, `search`) and, after a cursor,
    `place` and `place_id`.
    """
    order = Order(SORTS[shape.sort.removeprefix("-")], shape.sort.startswith("-"))
    total = _where(select(func.count()).select_from(Post), shape).scalar_subquery()
    page = _where(select(*CARD, order.column.label("place"), total.label("total")), shape)
    if shape.after:
        page = page.where(order.after())
    return order.by(page).limit(bindparam("limit")).offset(bindparam("offset"))


@cache
def counting(shape: Shape) -> Select[Any]:
    """How many there are in all; asked only when a page is empty."""
    return _where(select(func.count()).select_from(Post), shape)


def _where(statement: Select[Any], shape: Shape) -> Select[Any]:
    statement = statement.where(IS_PUBLIC)
    if "tag" in shape.filters:
        tagged = select(PostTag.post_id).join(Tag).where(Tag.slug == bindparam("tag")).scalar_subquery()
        statement = statement.where(Post.id.in_(tagged))
    if "first" in shape.filters:
        statement = statement.where(Post.first_category_slug == bindparam("first"))
    if "second" in shape.filters:
        statement = statement.where(Post.second_category_slug == bindparam("second"))
    if "author" in shape.filters:
        statement = statement.where(Post.author_handle == bindparam("author"))
    if "search" in shape.filters:
        index = search_index(is_sqlite=shape.dialect == "sqlite")
        statement = statement.where(Post.id.in_(select(index.matching.c.post_id)))
    return statement


ONE = select(*CARD, Post.front.label("front"), Post.content_json, Post.content_html).where(Post.slug == _ONE, IS_PUBLIC)
WAITING = select(Post.id).where(Post.slug == _ONE, Post.deletion == "", UNTYPESET)
WAITING = WAITING.where(Post.status == Status.published, Post.visibility != Visibility.private)
MOVED = select(Post.slug).join(PostSlug, PostSlug.post_id == Post.id).where(PostSlug.slug == _ONE, IS_PUBLIC)


@cache
def searching(dialect: str) -> Select[Any]:
    """A page of hits, the best first, with the beginning of the text to show the place.

    Binds `search`, `limit` and `offset`.
    """
    best = search_index(is_sqlite=dialect == "sqlite").best
    beginning = func.substr(Post.content_text, 1, SHOWN).label("content_text")
    shown = select(*CARD, beginning, best.c.total).join(best, best.c.post_id == Post.id).where(IS_PUBLIC)
    return shown.order_by(best.c.rank, Post.id.desc())


def _related() -> Select[Any]:
    mine = select(PostTag.tag_id).where(PostTag.post_id == bindparam("post_id", type_=Post.id.type)).scalar_subquery()
    shared = select(PostTag.post_id, func.count().label("tags")).where(PostTag.tag_id.in_(mine))
    by_tags = shared.group_by(PostTag.post_id).subquery()
    same_first = Post.first_category_slug == bindparam("first")
    same_second = same_first & (Post.second_category_slug == bindparam("second"))
    closeness = 2 * func.coalesce(by_tags.c.tags, 0) + case((same_second, 2), (same_first, 1), else_=literal(0))
    statement = select(*CARD).outerjoin(by_tags, by_tags.c.post_id == Post.id)
    statement = statement.where(IS_PUBLIC, Post.id != bindparam("post_id", type_=Post.id.type))
    statement = statement.where(by_tags.c.tags.is_not(None) | same_first)
    return statement.order_by(closeness.desc(), Post.public_at.desc(), Post.id).limit(bindparam("limit"))


RELATED = _related()
RELATED_TO = select(Post.id, Post.first_category_slug, Post.second_category_slug).where(Post.slug == _ONE, IS_PUBLIC)


def _tags() -> Select[Any]:
    count = func.count().label("posts")
    used = select(Tag.name, Tag.slug, count).join(PostTag, PostTag.tag_id == Tag.id)
    used = used.join(Post, Post.id == PostTag.post_id).where(IS_PUBLIC).group_by(Tag.id, Tag.name, Tag.slug)
    each = used.subquery()
    page = select(each.c.name, each.c.slug, each.c.posts, func.count().over().label("total"))
    return page.order_by(each.c.posts.desc(), each.c.slug).limit(bindparam("limit")).offset(bindparam("offset"))


TAGS = _tags()
TAG_COUNT = select(func.count(PostTag.tag_id.distinct())).join(Post, Post.id == PostTag.post_id).where(IS_PUBLIC)

_LEVELS = (Post.first_category_slug, Post.first_category, Post.second_category_slug, Post.second_category)
CATEGORIES = (
    select(*_LEVELS, func.count().label("posts"))
    .where(IS_PUBLIC, Post.first_category_slug.is_not(None))
    .group_by(*_LEVELS)
    .order_by(Post.first_category_slug, Post.second_category_slug)
)
