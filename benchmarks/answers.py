"""Nothing is timed before it is known to be right: the whole answer, and every duty that comes with it."""

import time
from collections.abc import Iterable

from benchmarks.exchange import Answer
from benchmarks.processes import Server
from benchmarks.publication import Publication

DUTIES = ("x-request-id", "content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")


class WrongAnswer(Exception):
    """What was about to be measured is not what it claims to be."""


def check_post(server: Server, path: str) -> Answer:
    """One post by API: its words, its ETag, and 304 for who holds it."""
    answer = check_duties(server.get(path), kind="application/json")
    post = answer.json()
    if post["slug"] != path.rsplit("/", 1)[1] or not post["title"] or not post["content_html"]:
        raise WrongAnswer(f"{path} is not that post: {answer.body[:200]!r}")
    _check_condition(server, path, answer)
    return answer


def check_list(server: Server, path: str, *, length: int) -> Answer:
    """A list of posts: so many of them, the number of all, and the way to the next."""
    answer = check_duties(server.get(path), kind="application/json")
    listing = answer.json()
    goes_on = listing["meta"]["total"] > length and 'rel="next"' in answer.headers["link"]
    if len(listing["data"]) != length or not goes_on:
        raise WrongAnswer(f"{path} is not a list of {length}: {answer.body[:200]!r}")
    _check_condition(server, path, answer)
    return answer


def check_page(server: Server, path: str) -> Answer:
    """A whole page of the site."""
    answer = check_duties(server.get(path), kind="text/html")
    if not answer.body.startswith(b"<!doctype html>") or not answer.body.rstrip().endswith(b"</html>"):
        raise WrongAnswer(f"{path} is not a whole page: {answer.body[:200]!r}")
    _check_condition(server, path, answer)
    return answer


def check_duties(answer: Answer, *, kind: str) -> Answer:
    """The headers that every answer of ours carries."""
    answer.expect(200)
    missing = [name for name in DUTIES if not answer.headers.get(name)]
    if missing or not answer.headers["content-type"].startswith(kind):
        raise WrongAnswer(f"Missing {missing} in {dict(answer.headers)}")
    return answer


def _check_condition(server: Server, path: str, answer: Answer) -> None:
    if "etag" in answer.headers:
        server.get(path, **{"If-None-Match": answer.headers["etag"]}).expect(304)
    elif "no-store" not in answer.headers.get("cache-control", ""):
        raise WrongAnswer(f"{path} has neither an ETag nor a word that it must not be kept")


class Bookkeeping:
    """That the server wrote a line of its access log and counted its metrics for each request of a load."""

    def __init__(self, server: Server, publication: Publication) -> None:
        self._server = server
        self._publication = publication
        self._lines, self._counted = self._look()

    def check(self, requests: int) -> None:
        """Compares with when this object was made.

        Raises:
            WrongAnswer: a duty was skipped.
        """
        lines, counted = self._look()
        if lines - self._lines < requests or counted - self._counted < requests:
            told = f"{lines - self._lines} lines, {counted - self._counted} counted"
            raise WrongAnswer(f"{requests} requests, but {told}")

    def _look(self) -> tuple[int, int]:
        return self._log_lines(), _total(self._server.get("/metrics").expect(200).body.decode().splitlines())

    def _log_lines(self) -> int:
        time.sleep(0.5)  # lines are written a few times a second
        with self._publication.log.open("rb") as lines:
            return sum(b'"event":"request"' in line for line in lines)


def _total(metrics: Iterable[str]) -> int:
    counters = (line for line in metrics if line.startswith("pressroom_http_requests_total{"))
    return sum(int(float(line.rsplit(" ", 1)[1])) for line in counters)
