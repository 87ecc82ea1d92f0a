"""The full-text index: one way to ask, two ways to keep it. Both see only encoded tokens.

A post's row has four fields: title, summary (with tags and categories), body, and `closed`, the body of a
post that is not for everybody. The public is answered from the first three; whoever writes, from all.
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import CTE, Float, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.posts.errors import SearchTooLong
from pressroom.features.posts.typeset import IndexText
from pressroom.kernel.text.errors import QueryTooLong
from pressroom.kernel.text.tokens import BREAK
from pressroom.kernel.text.websearch import Query, parse, to_fts5, to_tsquery

_TOKEN = re.compile(r"(x[0-9a-f]+)(:\*)?")


class SearchIndex(Protocol):
    """Keeps and finds. `hits` is a table of `post_id` and `rank` (smaller is better) that waits for `:search`."""

    async def put(self, session: AsyncSession, posts: Sequence[tuple[UUID, IndexText]]) -> None: ...

    def hits(self) -> CTE: ...

    def typed(self, query: Query, *, everything: bool) -> str: ...


def understood(typed: str) -> Query | None:
    """What a person typed, or `None` when it names nothing to find.

    Raises:
        SearchTooLong: more words than one search may have.
    """
    try:
        return parse(typed)
    except QueryTooLong as error:
        raise SearchTooLong(str(error)) from error


def _hits(sql: str) -> CTE:
    """One object for all statements, so that two uses in one are the same table."""
    return text(sql).columns(post_id=Uuid(), rank=Float()).cte("hits")


class Fts5Index:
    """SQLite: an FTS5 table; `post_search_rows` gives each post its number."""

    _NUMBERED = text("INSERT INTO post_search_rows (post_id) VALUES (:post_id) ON CONFLICT DO NOTHING")
    _FORGET = text("DELETE FROM post_search WHERE rowid = (SELECT id FROM post_search_rows WHERE post_id = :post_id)")
    _KEEP = text(
        "INSERT INTO post_search (rowid, title, summary, body, closed)"
        " SELECT id, :title, :summary, :body, :closed FROM post_search_rows WHERE post_id = :post_id"
    )
    _HITS = _hits(
        "SELECT numbered.post_id AS post_id, found.rank AS rank FROM"
        " (SELECT rowid AS number, bm25(post_search, 10.0, 4.0, 1.0, 1.0) AS rank"
        " FROM post_search WHERE post_search MATCH :search) AS found"
        " JOIN post_search_rows AS numbered ON numbered.id = found.number"
    )

    async def put(self, session: AsyncSession, posts: Sequence[tuple[UUID, IndexText]]) -> None:
        rows = [_row(post_id, index) for post_id, index in posts]
        await session.execute(self._NUMBERED, [{"post_id": row["post_id"]} for row in rows])
        await session.execute(self._FORGET, [{"post_id": row["post_id"]} for row in rows])
        await session.execute(self._KEEP, rows)

    def hits(self) -> CTE:
        return self._HITS

    def typed(self, query: Query, *, everything: bool) -> str:
        fields = "{title summary body closed}" if everything else "{title summary body}"
        return f"{fields} : ({to_fts5(query)})"


class TsvectorIndex:
    """PostgreSQL: a `tsvector` with a weight for each field."""

    _BREAK = f" || to_tsvector('simple', '{BREAK}') || "
    _FIELDS = _BREAK.join(
        f"setweight(to_tsvector('simple', CAST(:{name} AS TEXT)), '{weight}')"
        for name, weight in (("title", "A"), ("summary", "B"), ("body", "C"), ("closed", "D"))
    )
    _KEEP = text(
        f"INSERT INTO post_search (post_id, document) VALUES (CAST(CAST(:post_id AS TEXT) AS UUID), {_FIELDS})"  # noqa: S608  # made of constants above
        " ON CONFLICT (post_id) DO UPDATE SET document = EXCLUDED.document"
    )
    _HITS = _hits(
        "SELECT post_id, -ts_rank('{0.1, 0.1, 0.4, 1.0}', document, asked) AS rank"
        " FROM post_search, to_tsquery('simple', CAST(:search AS TEXT)) AS asked WHERE document @@ asked"
    )

    async def put(self, session: AsyncSession, posts: Sequence[tuple[UUID, IndexText]]) -> None:
        await session.execute(self._KEEP, [_row(post_id, index) for post_id, index in posts])

    def hits(self) -> CTE:
        return self._HITS

    def typed(self, query: Query, *, everything: bool) -> str:
        weights = "ABCD" if everything else "ABC"
        return _TOKEN.sub(lambda token: f"{token[1]}:{'*' if token[2] else ''}{weights}", to_tsquery(query))


def search_index(*, is_sqlite: bool) -> SearchIndex:
    """The index that fits the database."""
    return Fts5Index() if is_sqlite else TsvectorIndex()


def _row(post_id: UUID, index: IndexText) -> dict[str, Any]:
    fields = {"title": index.title, "summary": index.summary, "body": index.body, "closed": index.closed}
    return {"post_id": post_id.hex, **fields}
