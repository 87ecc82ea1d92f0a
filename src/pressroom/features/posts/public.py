"""What readers get: JSON bytes straight from rows. The words of members' posts are not in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from pressroom.features.posts import public_queries as queries
from pressroom.features.posts.errors import PostNotFound
from pressroom.features.posts.keyset import cursor_after, place_of
from pressroom.features.posts.search_index import search_index, understood
from pressroom.features.posts.service.typesetting import Typesetting
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.words import FRONT_NAMES
from pressroom.kernel.services import Services
from pressroom.kernel.text.excerpts import Excerpt, excerpt, marked_html
from pressroom.kernel.text.websearch import Query


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list, and the cursor of the next one."""

    data: list[dict[str, Any]]
    total: int
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFilter:
    """Which posts a public list shows, by addresses, and in which order (`-` for falling)."""

    tag: str | None = None
    category: str | None = None
    author: str | None = None
    q: str | None = None
    sort: str = "-published_at"
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The post has another address now."""

    slug: str


class PublicPosts:
    """Reads what readers may see, each use case in one query where nothing is unusual."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._database = services.database
        self._dialect = "sqlite" if self._database.is_sqlite else "postgresql"
        self._index = search_index(is_sqlite=self._database.is_sqlite)

    async def get(self, slug: str) -> dict[str, Any] | Moved:
        """One post with its words (a members' post without), or where it is now.

        Raises:
            PostNotFound: readers see no post here.
        """
        found = await self._find(slug)
        if found is None and await self._is_whole_now(slug):
            found = await self._find(slug)
        if found is None:
            raise PostNotFound
        return found

    async def _is_whole_now(self, slug: str) -> bool:
        """Whether readers would have seen a post here but for its words not being typeset; they are then."""
        async with self._database.connection() as connection:
            waiting = (await connection.execute(queries.WAITING, {"slug": slug})).scalar_one_or_none()
        if waiting is not None:
            await Typesetting(self._services).now([waiting])
        return waiting is not None

    async def _find(self, slug: str) -> dict[str, Any] | Moved | None:
        async with self._database.connection() as connection:
            row = (await connection.execute(queries.ONE, {"slug": slug})).one_or_none()
            if row is not None:
                return whole(row)
            moved = (await connection.execute(queries.MOVED, {"slug": slug})).scalar_one_or_none()
        return Moved(moved) if moved is not None else None

    async def list(self, wanted: PublicFilter, *, limit: int, offset: int) -> Listed:
        """A page of posts without their words."""
        first, _, second = (wanted.category or "").partition("/")
        values = {"tag": wanted.tag, "first": first, "second": second, "author": wanted.author}
        asked: dict[str, Any] = {name: value for name, value in values.items() if value}
        if wanted.q is not None:
            query = understood(wanted.q)
            if query is None:
                return Listed([], 0)
            asked["search"] = self._index.typed(query, everything=False)
        shape = queries.Shape(
            wanted.sort,
            after=wanted.cursor is not None,
            filters=frozenset(asked),
            dialect=self._dialect if "search" in asked else "",
        )
        return await self._page(shape, asked, wanted, limit=limit, offset=offset)

    async def _page(
        self, shape: queries.Shape, asked: dict[str, Any], wanted: PublicFilter, *, limit: int, offset: int
    ) -> Listed:
        paging: dict[str, Any] = {"limit": limit + 1, "offset": offset}
        if wanted.cursor:
            paging |= place_of(wanted.cursor, wanted.sort, timely=not wanted.sort.endswith("title"))
        async with self._database.connection() as connection:
            rows = (await connection.execute(queries.listing(shape), {**asked, **paging})).all()
            counted = None if rows else await connection.execute(queries.counting(shape), asked)
            total = counted.scalar_one() if counted else rows[0].total
        last = rows[limit - 1] if len(rows) > limit else None
        return Listed(
            data=[card(row) for row in rows[:limit]],
            total=total,
            next=cursor_after(wanted.sort, last.place, last.id) if last else None,
        )

    async def related(self, slug: str, *, limit: int) -> Listed:
        """Posts that share tags or categories with this one, the closest first.

        Raises:
            PostNotFound: readers see no post here.
        """
        async with self._database.connection() as connection:
            post = (await connection.execute(queries.RELATED_TO, {"slug": slug})).one_or_none()
            if post is not None:
                values = {"post_id": post.id, "first": post.first_category_slug, "second": post.second_category_slug}
                rows = (await connection.execute(queries.RELATED, {**values, "limit": limit})).all()
                return Listed([card(row) for row in rows], len(rows))
        if await self._is_whole_now(slug):
            return await self.related(slug, limit=limit)
        raise PostNotFound

    async def search(self, typed: str, *, limit: int, offset: int) -> Listed:
        """Posts that answer a search, the best first, each with the place that does.

        Raises:
            SearchTooLong: more words than one search may have.
        """
        query = understood(typed)
        if query is None:
            return Listed([], 0)
        statement = queries.searching(self._dialect)
        values = {"search": self._index.typed(query, everything=False), "limit": limit, "offset": offset}
        async with self._database.connection() as connection:
            rows = (await connection.execute(statement, values)).all()
            total = rows[0].total if rows else 0
            if not rows and offset:
                beginning = {**values, "limit": 1, "offset": 0}
                total = getattr((await connection.execute(statement, beginning)).first(), "total", 0)
        return Listed([{**card(row), "excerpt": _excerpt(row, query)} for row in rows], total)

    async def tags(self, *, limit: int, offset: int) -> Listed:
        """Tags of posts that readers see, the most used first."""
        async with self._database.connection() as connection:
            rows = (await connection.execute(queries.TAGS, {"limit": limit, "offset": offset})).all()
            total = rows[0].total if rows else (await connection.execute(queries.TAG_COUNT)).scalar_one()
        return Listed([{"name": row.name, "slug": row.slug, "count": row.posts} for row in rows], total)

    async def categories(self) -> Sequence[dict[str, Any]]:
        """The two levels of categories of posts that readers see, with the number of posts in each."""
        async with self._database.connection() as connection:
            rows = (await connection.execute(queries.CATEGORIES)).all()
        tree: dict[str, dict[str, Any]] = {}
        for first_slug, first, second_slug, second, count in rows:
            node = tree.setdefault(str(first_slug), {"name": first, "slug": first_slug, "count": 0, "children": []})
            node["count"] += count
            if second_slug:
                node["children"].append({"name": second, "slug": second_slug, "count": count})
        return list(tree.values())


def encode(value: Any) -> bytes:
    """JSON bytes; moments in UTC with a `Z`."""
    return orjson.dumps(value, default=str, option=orjson.OPT_UTC_Z)  # asyncpg brings UUIDs of its own


def card(row: Any) -> dict[str, Any]:
    """A post without its words."""
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "lang": row.lang,
        "visibility": row.visibility,
        "published_at": row.public_at,
        "updated_at": max(row.updated_at, row.public_at),
        "author": {"name": row.author_name, "handle": row.author_handle},
        "tags": row.tags,
        "first_level_category": _term(row.first_category, row.first_category_slug),
        "second_level_category": _term(row.second_category, row.second_category_slug),
        "cover": row.cover,
        "readingMetadata": {"time": row.minutes, "wordCount": row.word_count},
    }


def whole(row: Any) -> dict[str, Any]:
    """A post with its words, if they are for everybody."""
    is_open = row.visibility == Visibility.public
    front: Mapping[str, Any] = row.front
    names: Iterable[str] = (name for name in FRONT_NAMES.values() if name != "author")
    return {
        **card(row),
        **{name: front.get(name) for name in names},
        "content_html": row.content_html if is_open else None,
        "headings": row.content_json["headings"] if is_open else [],
    }


def _term(name: str | None, slug: str | None) -> dict[str, str] | None:
    return {"name": name, "slug": slug} if name and slug else None


def _excerpt(row: Any, query: Query) -> dict[str, Any]:
    """The place that answers; for members' posts, in the summary."""
    shown = row.content_text if row.visibility == Visibility.public else row.summary
    found: Excerpt = excerpt(shown, query)
    return {"text": found.text, "spans": found.spans, "html": marked_html(found)}
