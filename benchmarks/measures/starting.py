"""What a server costs before anyone reads: the time until it answers, and the memory it holds."""

import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.context import Context, say
from benchmarks.processes import Server, reference
from benchmarks.results import Goal, Result

POSTS = 1_000
SETTLE_SECONDS = 3.0


def measure(context: Context) -> Iterable[Result]:
    """Start to first answer next to an empty FastAPI application, and memory at rest after the first build."""
    publication = context.publication(POSTS)
    say(f"starting {context.effort.starts} times, next to an empty FastAPI application")
    log = context.folder / "empty.log"
    pairs = [
        (seconds_to_answer(publication.serving), seconds_to_answer(lambda: reference("empty", log=log)))
        for _ in range(context.effort.starts)
    ]
    ours, empty = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    yield Result(
        "start to first answer",
        ours,
        "s",
        reference=empty,
        reference_name="empty FastAPI",
        ratio=ratio,
        goal=Goal(at_most=2.5),
    )
    with publication.serving() as server:
        server.get("/").expect(200)
        publication.wait_until_built()
        time.sleep(SETTLE_SECONDS)
        yield Result("memory at rest, runner included", megabytes(server.process.pid), "MB", goal=Goal(at_most=110))


def seconds_to_answer(start: Callable[[], AbstractContextManager[Server]]) -> float:
    """From starting the process to the end of the first answer to `/health`."""
    started = time.perf_counter()
    with start():
        return time.perf_counter() - started


def megabytes(pid: int) -> float:
    """Memory of a process and its children: what they share is counted once (PSS)."""
    return sum(kilobytes(each) for each in family(pid)) * 1024 / 1e6


def family(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in listed for member in family(int(child)))]


def kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
