"""What is typed finds the same posts on SQLite and on PostgreSQL, and they are the right ones."""

import os
import sqlite3
from collections.abc import Iterator

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.kernel.text.errors import QueryTooLong
from pressroom.kernel.text.tokens import index_text
from pressroom.kernel.text.websearch import Alternative, Query, Term, parse, to_fts5, to_tsquery

POSTS = {
    1: "The quick brown fox jumps over the lazy dog.",
    2: "Don't panic: C++ is not C, and C# is neither.",
    3: "Python编程入门：从零开始学习编程语言。",
    4: "世界杯足球赛在北京举行，世界各地的球迷都来了。",
    5: "A well-known café in Zürich; state-of-the-art Node.js since 2024.",
    6: "我爱北京天安门。",
    7: "Or else: this or that, not both. Version 3.14 of the software.",
    8: "Ünïcode straße ﬁne ｆｕｌｌ width",
    9: "東京タワーへ行きました。すごい！",
    10: "안녕하세요 세계",
    11: "brown bread and quick soup; the dog is not lazy",
    12: "界",
}

QUERIES: dict[str, set[int]] = {
    "fox": {1},
    "FOX": {1},
    "quick brown": {1, 11},
    '"quick brown"': {1},
    '"brown quick"': set(),
    "“quick brown”": {1},
    "fox or bread": {1, 11},
    "fox OR bread": {1, 11},
    "fox | bread": {1, 11},
    "fox|bread": {1, 11},
    "quick fox or soup": {1, 11},
    '"or else"': {7},
    "brown -fox": {11},
    "brown -quick": set(),
    'brown -"quick brown"': {11},
    "brown -fox -bread": set(),
    "the": {1, 5, 7, 11},
    "is": {2, 11},
    "not": {2, 7, 11},
    "don't": {2},
    "dont": set(),
    "C++": {2},
    "C#": {2},
    "C": {2},
    "c++ -panic": set(),
    "well-known": {5},
    "known well": {5},
    "state-of-the-art": {5},
    "node.js": {5},
    "cafe": {5},
    "café": {5},
    "zurich 2024": {5},
    "3.14": {7},
    "14.3": set(),
    "北京": {4, 6},
    "北京 -足球": {6},
    "世界": {4},
    "世": {4},
    "界": {4, 12},
    "杯": {4},
    "世界杯": {4},
    "界杯足": {4},
    "世界语": set(),
    "Python编程": {3},
    "编程python": {3},
    '"python编程"': {3},
    '"编程python"': set(),
    "编程 or fox": {1, 3},
    "我": {6},
    "天安门 我爱": {6},
    "球迷 | 编程 | soup": {3, 4, 11},
    "東京": {9},
    "タワー": {9},
    "すごい": {9},
    "안녕": {10},
    "세계": {10},
    "unicode": {8},
    "strasse fine full": {8},
    "nothing": set(),
    "fox'); DROP TABLE posts; --": set(),
    "fox & !bread": set(),
    "fox NEAR bread": set(),
    "title:fox": set(),
    "fox*": {1},
    '"fox': {1},
    "(fox": {1},
    "fox or -dog": {1},
    "－fox brown": {11},
    'quick -"北京"': {1, 11},
    "-python编程 编": set(),
}


@pytest.fixture(scope="module")
def sqlite() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE posts USING fts5(words, tokenize = 'unicode61')")
    for number, text in POSTS.items():
        connection.execute("INSERT INTO posts (rowid, words) VALUES (?, ?)", (number, index_text(text)))
    yield connection
    connection.close()


@pytest.mark.parametrize(("typed", "hits"), QUERIES.items())
def test_sqlite_finds_what_was_meant(sqlite: sqlite3.Connection, typed: str, hits: set[int]) -> None:
    query = parse(typed)
    assert query
    rows = sqlite.execute("SELECT rowid FROM posts WHERE posts MATCH ?", (to_fts5(query),))
    assert {number for (number,) in rows} == hits


@pytest.mark.anyio
async def test_postgresql_finds_the_same() -> None:
    connection = await _postgresql()
    try:
        await connection.execute("CREATE TEMPORARY TABLE posts (id integer, words tsvector)")
        rows = [(number, index_text(text)) for number, text in POSTS.items()]
        await connection.executemany("INSERT INTO posts VALUES ($1, to_tsvector('simple', $2))", rows)
        found = {typed: await _hits(connection, typed) for typed in QUERIES}
    finally:
        await connection.close()
    assert found == QUERIES


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def _postgresql() -> asyncpg.Connection:
    try:
        return await asyncpg.connect("postgresql://postgres@127.0.0.1:5432/test", timeout=3)
    except OSError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL on 127.0.0.1:5432 ({error})")


async def _hits(connection: asyncpg.Connection, typed: str) -> set[int]:
    query = parse(typed)
    assert query
    sql = "SELECT id FROM posts WHERE words @@ to_tsquery('simple', $1)"
    return {row["id"] for row in await connection.fetch(sql, to_tsquery(query))}


@pytest.mark.parametrize("typed", ["", "  ", "-fox", '-"quick brown"', "or", "| or |", "!!! 🎉", '""', "-", "- -"])
def test_a_search_for_nothing_is_none(typed: str) -> None:
    assert parse(typed) is None


def test_the_tree_says_what_was_meant() -> None:
    assert parse('quick "brown fox" -世 or Python编程') == Query(
        (
            Alternative((Term(("quick",)), Term(("brown", "fox"))), ((Term(("世",), prefix=True),),)),
            Alternative((Term(("python",)), Term(("编程",)))),
        )
    )


@pytest.mark.parametrize("typed", ["word " * 33, "一" + "二三" * 200, "a" * 3_000, '"' + "w " * 200 + '"'])
def test_a_search_for_too_much_says_so(typed: str) -> None:
    with pytest.raises(QueryTooLong, match="Search for less"):
        parse(typed)


@given(st.text(alphabet=st.sampled_from("ab世界\"|-+()*:&!<>'\\ \n" + "orOR"), max_size=40))
def test_nothing_typed_breaks_the_syntax(typed: str) -> None:
    query = parse(typed)
    if query is None:
        return
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE posts USING fts5(words)")
    connection.execute("SELECT * FROM posts WHERE posts MATCH ?", (to_fts5(query),)).fetchall()
    connection.close()
    assert set(to_tsquery(query)) <= set("x0123456789abcdef<->&|!():* ")
