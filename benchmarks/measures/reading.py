"""Reading: one post, a list of 20 and a page; ready-made against bare Starlette, cold against the usual endpoint."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.answers import Bookkeeping, check_list, check_page, check_post
from benchmarks.context import Context, say
from benchmarks.load import Comparison, compare
from benchmarks.measures.queries import count_queries
from benchmarks.processes import Server, reference
from benchmarks.publication import Publication
from benchmarks.results import Goal, Result

POSTS = 1_000
DIFFERENT = 20
LIST = "/api/v1/posts?limit=20"
HOT, COLD = Goal(at_least=0.6), Goal(at_least=1.3)
Check = Callable[[Server, str], object]


def list_of_20(server: Server, path: str) -> object:
    return check_list(server, path, length=20)


def measure_hot(context: Context) -> Iterable[Result]:
    """Ready-made answers with all duties on, next to a bare Starlette that gives out the same bytes."""
    publication = context.publication(POSTS)
    with publication.serving() as ours:
        posts = post_paths(ours)
        pages = [f"/posts/{path.rsplit('/', 1)[1]}/" for path in posts]
        held = hold(ours, [*posts, LIST, *pages], context.folder / "floor.json")
        with reference("floor", str(held), log=context.folder / "floor.log", path=LIST) as floor:
            pair = Pair(context, publication, ours=ours, reference=floor, name="bare Starlette")
            yield pair.compare("one post by API, ready-made", posts, check_post, goal=HOT)
            yield pair.compare("list of 20, ready-made", [LIST], list_of_20, goal=HOT)
            yield pair.compare("page of the site", pages, check_page)


def measure_cold(context: Context) -> Iterable[Result]:
    """Through the framework to the database, next to the usual endpoint over the same file."""
    publication = context.publication(POSTS)
    database = str(publication.data / "pressroom.db")
    with publication.serving(PRESSROOM_HTTP__READ_SIDE="false") as ours:
        posts = post_paths(ours)
        with reference("usual", database, log=context.folder / "usual.log", path=LIST) as usual:
            pair = Pair(context, publication, ours=ours, reference=usual, name="usual endpoint")
            yield pair.compare("one post by API, cold", posts, check_post, goal=COLD)
            yield pair.compare("list of 20, cold", [LIST], list_of_20, goal=COLD)
    for what, path in (("queries for one post", posts[0]), ("queries for a list of 20", LIST)):
        ours_count, usual_count = count_queries(publication, path)
        yield Result(what, ours_count, "", reference=usual_count, reference_name="usual endpoint")


class Pair:
    """Ours and a reference, both running."""

    def __init__(
        self, context: Context, publication: Publication, *, ours: Server, reference: Server, name: str
    ) -> None:
        self._context = context
        self._publication = publication
        self._ours = ours
        self._reference = reference
        self._name = name

    def compare(self, what: str, paths: Sequence[str], check: Check, *, goal: Goal | None = None) -> Result:
        """Checks every answer, then puts load on both in turn, then checks that no duty was skipped."""
        say(f"{what}, next to the {self._name}")
        for path in paths:
            check(self._ours, path)
            self._reference.get(path).expect(200)
        kept = Bookkeeping(self._ours, self._publication)
        effort = self._context.effort
        seen = compare(self._ours, self._reference, paths, rounds=effort.rounds, seconds=effort.seconds)
        kept.check(seen.requests)
        return self._result(what, seen, goal)

    def _result(self, what: str, seen: Comparison, goal: Goal | None) -> Result:
        return Result(
            what, seen.ours, "/s", reference=seen.reference, reference_name=self._name, ratio=seen.ratio, goal=goal
        )


def post_paths(server: Server) -> list[str]:
    """Addresses of some posts that everybody may read whole."""
    listed = server.get("/api/v1/posts?limit=100").expect(200).json()["data"]
    public = [post for post in listed if post["visibility"] == "public"]
    return [f"/api/v1/posts/{post['slug']}" for post in public[:DIFFERENT]]


def hold(server: Server, paths: Sequence[str], file: Path) -> Path:
    """Writes down what `server` answers, for the floor to give out."""
    answers = {path: server.get(path).expect(200) for path in paths}
    held = {path: (answer.headers["content-type"], answer.body.decode()) for path, answer in answers.items()}
    file.write_text(json.dumps({path.partition("?")[0]: answer for path, answer in held.items()}), "utf-8")
    return file
