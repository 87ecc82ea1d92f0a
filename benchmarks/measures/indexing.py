"""A folder of 10,000 files: first index, rescan, list of posts, next to a loop that reads every file each time."""

import json
import shutil
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.answers import check_list
from benchmarks.context import Context, say
from benchmarks.processes import Server, reference
from benchmarks.publication import Publication, write_corpus
from benchmarks.results import Goal, Result

FILES = 10_000
LIST = "/api/v1/posts?limit=20"
LOOP = "/posts?limit=20"


class Attached(NamedTuple):
    """Seconds until every file is a row, as the scan reports them, and until the command ends with all typeset."""

    rows: float
    whole: float


class Pair(NamedTuple):
    """Seconds of ours and of one answer of the loop, measured one after the other."""

    ours: float
    loop: float


def measure(context: Context) -> Iterable[Result]:
    """Attaches the folder, scans it again, and asks for a list; beside each, one answer of the loop."""
    corpus = write_corpus(context.folder / "index.corpus", FILES)
    publication = Publication(context.folder / "index-0")
    with reference("loop", str(corpus), log=context.folder / "loop.log") as loop:
        loop.get(LOOP).expect(200)
        yield from first_index(context, corpus, loop)
        say("scanning again, nothing changed")
        again = [Pair(rescan(publication), answer(loop, LOOP)) for _ in range(context.effort.rounds)]
        yield beside_loop("rescan of 10,000 files, nothing changed", again, goal=Goal(at_most=0.5))
        with publication.serving(PRESSROOM_HTTP__READ_SIDE="false") as server:
            publication.wait_until_built()
            check_list(server, LIST, length=20)
            lists = [Pair(answer(server, LIST), answer(loop, LOOP)) for _ in range(context.effort.rounds)]
    yield beside_loop("list of 20 out of 10,000 posts, cold", lists)


def first_index(context: Context, corpus: Path, loop: Server) -> Iterable[Result]:
    """Into an empty data folder each time; the first of them is kept."""
    seen: list[Pair] = []
    whole: list[float] = []
    for number in range(context.effort.imports):
        say(f"attaching {FILES:,} files, time {number + 1}")
        attached = attach(Publication(context.folder / f"index-{number}"), corpus)
        seen.append(Pair(attached.rows, answer(loop, LOOP)))
        whole.append(attached.whole)
        if number:
            shutil.rmtree(context.folder / f"index-{number}")
    rows = statistics.median(each.ours for each in seen)
    yield Result("first index of 10,000 files", FILES / rows, "files/s", goal=Goal(at_least=2_000))
    yield beside_loop("first index of 10,000 files", seen)
    yield Result("attach 10,000 files, to the last typeset post", statistics.median(whole), "s")


def attach(publication: Publication, corpus: Path) -> Attached:
    publication.create_owner()
    started = time.perf_counter()
    report = json.loads(publication.run("site", "attach", str(corpus), "--yes", "--json"))
    whole = time.perf_counter() - started
    [[left]] = publication.rows("SELECT count(*) FROM posts WHERE NOT is_typeset")
    if report["created"] < FILES * 0.95 or left:
        raise RuntimeError(f"Only {report['created']} of {FILES} files were taken in, {left} not typeset.")
    return Attached(report["seconds"], whole)


def rescan(publication: Publication) -> float:
    """What the server does every minute; the seconds are the scan's own, without the start of a process."""
    report = json.loads(publication.run("site", "scan", "--json", accepted=(1,)))
    if report["created"] or report["updated"] or report["unchanged"] < FILES * 0.95:
        raise RuntimeError(f"Nothing had changed, but the scan says {report}.")
    return float(report["seconds"])


def answer(server: Server, path: str) -> float:
    """Seconds of one request on a connection of its own."""
    return timed(lambda: server.get(path).expect(200))


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def beside_loop(what: str, pairs: Sequence[Pair], *, goal: Goal | None = None) -> Result:
    """Medians, and the median of the ratios; a goal is for our own seconds."""
    return Result(
        what,
        statistics.median(pair.ours for pair in pairs),
        "s",
        reference=statistics.median(pair.loop for pair in pairs),
        reference_name="python-frontmatter loop",
        ratio=statistics.median(pair.ours / pair.loop for pair in pairs),
        goal=goal,
        judges_ratio=False,
    )
