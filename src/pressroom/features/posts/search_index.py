"""The full-text index: one way to ask, two ways to keep it. Both see only encoded tokens.

A post has four fields: title, summary (with tags and categories), body, and `closed`. What the public may not find
stands in `closed`: the body of a members' post, and everything of a post that readers do not see. So the public is
answered from the first three without a look at any post, and whoever writes, from all four.
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import CTE, Float, Integer, TextClause, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import SearchTooLong
from pressroom.features.posts.models import Post
from pressroom.features.posts.states import Visibility
from pressroom.features.posts.typeset import IndexText
from pressroom.kernel.text.errors import QueryTooLong
from pressroom.kernel.text.tokens import BREAK
from pressroom.kernel.text.websearch import Query, parse, to_fts5, to_tsquery

_TOKEN = re.compile(r"(x[0-9a-f]+)(:\*)?")
_APART = f" {BREAK} "


class SearchIndex(Protocol):
    """Keeps posts, and makes tables of those that answer what `:search` binds (see `typed`)."""

    matching: CTE
    """`post_id` of every hit."""

    best: CTE
    """One page, by `:limit` and `:offset`: `post_id`, `rank` (smaller is better) and the `total` of hits."""

    async def put(self, session: AsyncSession, posts: Sequence[tuple[Post, IndexText]]) -> None:
        """Keeps posts as they stand now."""
        ...

    def typed(self, query: Query, *, everything: bool) -> str:
        """What `:search` binds: for the public, or for whoever writes."""
        ...


def understood(typed: str) -> Query | None:
    """What a person typed, or `None` when it names nothing to find.

    Raises:
        SearchTooLong: more words than one search may have.
    """
    try:
        return parse(typed)
    except QueryTooLong as error:
        raise SearchTooLong(str(error)) from error


def _matching(sql: str) -> CTE:
    """One object for all statements, so that two uses in one are the same table."""
    return text(sql).columns(post_id=Uuid()).cte("hits")


def _best(sql: str) -> CTE:
    return text(sql).columns(post_id=Uuid(), rank=Float(), total=Integer()).cte("best")


class Fts5Index:
    """SQLite: an FTS5 table; `post_search_rows` gives each post its number."""

    _NUMBER = text("INSERT INTO post_search_rows (post_id) VALUES (:post_id) ON CONFLICT DO NOTHING")
    _FORGET = text("DELETE FROM post_search WHERE rowid = (SELECT id FROM post_search_rows WHERE post_id = :post_id)")
    _KEEP = text(
        "INSERT INTO post_search (rowid, title, summary, body, closed)"
        " SELECT id, :title, :summary, :body, :closed FROM post_search_rows WHERE post_id = :post_id"
    )
    matching = _matching(
        "SELECT post_search_rows.post_id AS post_id FROM post_search"
        " JOIN post_search_rows ON post_search_rows.id = post_search.rowid WHERE post_search MATCH :search"
    )
    best = _best(
        "SELECT post_search_rows.post_id AS post_id, page.rank AS rank,"
        " (SELECT count(*) FROM post_search WHERE post_search MATCH :search) AS total FROM"
        " (SELECT rowid AS number, bm25(post_search, 10.0, 4.0, 1.0, 1.0) AS rank FROM post_search"
        " WHERE post_search MATCH :search ORDER BY 2, 1 DESC LIMIT :limit OFFSET :offset) AS page"
        " JOIN post_search_rows ON post_search_rows.id = page.number"
    )

    async def put(self, session: AsyncSession, posts: Sequence[tuple[Post, IndexText]]) -> None:
        rows = [{"post_id": post.id.hex, **_fields(post, index)} for post, index in posts]
        ids = [{"post_id": row["post_id"]} for row in rows]
        await session.execute(self._NUMBER, ids)
        await session.execute(self._FORGET, ids)
        await session.execute(self._KEEP, rows)

    def typed(self, query: Query, *, everything: bool) -> str:
        fields = "{title summary body closed}" if everything else "{title summary body}"
        return f"{fields} : ({to_fts5(query)})"


def _keep_tsvector() -> TextClause:
    weighted = {"title": "A", "summary": "B", "body": "C", "closed": "D"}
    fields = [
        f"setweight(to_tsvector('simple', CAST(:{name} AS TEXT)), '{weight}')" for name, weight in weighted.items()
    ]
    document = f" || to_tsvector('simple', '{BREAK}') || ".join(fields)
    return text(
        f"INSERT INTO post_search (post_id, document) VALUES (CAST(CAST(:post_id AS TEXT) AS UUID), {document})"  # noqa: S608  # made of constants
        " ON CONFLICT (post_id) DO UPDATE SET document = EXCLUDED.document"
    )


class TsvectorIndex:
    """PostgreSQL: a `tsvector` with a weight for each field."""

    _KEEP = _keep_tsvector()
    matching = _matching(
        "SELECT post_id FROM post_search WHERE document @@ to_tsquery('simple', CAST(:search AS TEXT))"
    )
    best = _best(
        "SELECT post_id, -ts_rank('{0.1, 0.1, 0.4, 1.0}', document, asked) AS rank, count(*) OVER () AS total"
        " FROM post_search, to_tsquery('simple', CAST(:search AS TEXT)) AS asked WHERE document @@ asked"
        " ORDER BY 2, 1 DESC LIMIT :limit OFFSET :offset"
    )

    async def put(self, session: AsyncSession, posts: Sequence[tuple[Post, IndexText]]) -> None:
        rows = [{"post_id": post.id.hex, **_fields(post, index)} for post, index in posts]
        await session.execute(self._KEEP, rows)

    def typed(self, query: Query, *, everything: bool) -> str:
        weights = "ABCD" if everything else "ABC"
        return _TOKEN.sub(lambda token: f"{token[1]}:{'*' if token[2] else ''}{weights}", to_tsquery(query))


def search_index(*, is_sqlite: bool) -> SearchIndex:
    """The index that fits the database."""
    return Fts5Index() if is_sqlite else TsvectorIndex()


def _fields(post: Post, index: IndexText) -> dict[str, Any]:
    if post.public_at is None:
        closed = _APART.join((index.title, index.summary, index.body))
        return {"title": "", "summary": "", "body": "", "closed": closed}
    is_open = post.visibility == Visibility.public
    bodies = {"body": index.body, "closed": ""} if is_open else {"body": "", "closed": index.body}
    return {"title": index.title, "summary": index.summary, **bodies}
