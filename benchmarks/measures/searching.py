"""Search at 10,000 posts over HTTP with the read side off: each query is really asked."""

import statistics
import time
from collections.abc import Iterable
from http.client import HTTPConnection
from itertools import pairwise
from urllib.parse import quote

from benchmarks.context import Context, say
from benchmarks.exchange import exchange
from benchmarks.processes import Server
from benchmarks.results import Goal, Result

POSTS = 10_000
PATTERNS = ("{0}", "{0} {1}", '"{0} {1}"', "{0} or {1}", "{0} -{1}")
CHINESE = range(0x4E00, 0xA000)


def measure(context: Context) -> Iterable[Result]:
    """Milliseconds of 40 queries made from the titles of the corpus, the slowest twentieth."""
    publication = context.publication(POSTS)
    say("searching 10,000 posts")
    with publication.serving(PRESSROOM_HTTP__READ_SIDE="false") as server:
        publication.wait_until_built()  # the look at the site that follows each start
        queries = make_queries(server)
        connection = server.connect()
        hits = [ask(connection, query)[1] for query in queries]
        took = [ask(connection, query)[0] * 1000 for _ in range(context.effort.rounds) for query in queries]
    if statistics.median(hits) < 1:
        raise RuntimeError("Most queries found nothing, so the measure says nothing.")
    found = f"{len(queries)} queries, {statistics.median(hits):,.0f} hits in the middle"
    yield Result(f"search of 10,000 posts, median ({found})", statistics.median(took), "ms")
    yield Result("search of 10,000 posts, p95", p95(took), "ms", goal=Goal(at_most=20))


def make_queries(server: Server) -> list[str]:
    """40 queries: English words and Chinese pairs of characters from titles, in every form of the syntax."""
    titles = [post["title"] for post in server.get("/api/v1/posts?limit=100").expect(200).json()["data"]]
    words = list(dict.fromkeys(word.strip(".,:;!?") for title in titles for word in title.split() if word.isascii()))
    pairs = list(dict.fromkeys(pair for title in titles for pair in chinese_pairs(title)))
    english, chinese = ([word for word in found if len(word) > 1] for found in (words, pairs))
    mixed = [term for both in zip(english, chinese, strict=False) for term in both]
    return [PATTERNS[number % len(PATTERNS)].format(mixed[number], mixed[number + 2]) for number in range(40)]


def chinese_pairs(title: str) -> list[str]:
    return [a + b for a, b in pairwise(title) if ord(a) in CHINESE and ord(b) in CHINESE]


def ask(connection: HTTPConnection, query: str) -> tuple[float, int]:
    """Seconds until the whole answer is here, and how many posts were found."""
    started = time.perf_counter()
    answer = exchange(connection, "GET", f"/api/v1/search?q={quote(query)}")
    seconds = time.perf_counter() - started
    return seconds, answer.expect(200).json()["meta"]["total"]


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
