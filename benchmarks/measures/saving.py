"""Saving a post of an attached folder: until its bytes are on disk, until its page is live; and twenty at once."""

import statistics
import time
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from benchmarks.context import Context, say
from benchmarks.editor import POSTS, Editor
from benchmarks.exchange import exchange
from benchmarks.measures.searching import p95
from benchmarks.processes import Server
from benchmarks.publication import Publication
from benchmarks.results import Goal, Result

FILES = 1_000
BURST = 20
POLL_SECONDS = 0.001
GIVE_UP_SECONDS = 60.0
BODY = "Some **words** of a post, [linked](https://example.com/) and `coded`.\n\n" * 20


def measure(context: Context) -> Iterable[Result]:
    """One save at a time on a folder of 1,000 files, then a burst; the built-in theme makes the site."""
    folder = write_folder(context.folder / "saved", FILES)
    publication = Publication(context.folder / "saving")
    publication.create_owner()
    publication.run("site", "attach", str(folder), "--yes", "--json")
    with publication.serving() as server:
        desk = Desk(publication, server, folder)
        desk.until_live(0)  # the first build after a start looks at everything once
        say(f"saving {context.effort.samples * 2} posts of an attached folder, one at a time")
        answered = [desk.until_answered(number) for number in range(context.effort.samples)]
        live = [desk.until_live(number) for number in range(context.effort.samples)]
        say(f"{BURST} saves in a burst")
        builds, last = desk.burst(range(BURST))
    yield Result("save → answer, median", statistics.median(answered), "ms")
    yield Result("save → answer, p95", p95(answered), "ms")
    yield Result("save → page live, 1,000 files, median", statistics.median(live), "ms")
    yield Result("save → page live, 1,000 files, p95", p95(live), "ms")
    yield Result(f"burst of {BURST} saves: releases built", builds, "")
    yield Result(f"burst of {BURST} saves: last answer → last save live", last, "ms")
    yield Result("saves answered before their bytes were on disk", desk.early, "", goal=Goal(at_most=0))


def write_folder(folder: Path, files: int) -> Path:
    """Posts that are all alike but for their titles, so that one save is as good as another."""
    folder.mkdir()
    for number in range(files):
        front = f"title: Post {number}\npublished: 2024-01-{number % 28 + 1:02}\ntags: [a, b]"
        (folder / f"post-{number}.md").write_text(f"---\n{front}\n---\n\n{BODY}", "utf-8")
    return folder


class Desk:
    """Somebody who saves, and looks at the file and at the page. `early` counts answers without their bytes."""

    def __init__(self, publication: Publication, server: Server, folder: Path) -> None:
        self.early = 0
        self._publication = publication
        self._folder = folder
        self._editor = Editor.sign_in(server)
        self._readers = server.connect()
        self._marks = (f"mark-{number}-{time.time_ns()}" for number in count())

    def until_answered(self, number: int) -> float:
        """Milliseconds from sending a save to its answer."""
        self._publication.wait_until_built()
        return self._save(number)[1]

    def until_live(self, number: int) -> float:
        """Milliseconds from sending a save to the first page that shows it; starts when no build is at work."""
        self._publication.wait_until_built()
        started = time.perf_counter()
        mark, _ = self._save(number)
        self._wait_for(number, mark)
        return (time.perf_counter() - started) * 1000

    def burst(self, numbers: range) -> tuple[int, float]:
        """How many releases so many saves made, and the milliseconds from the last answer until it is live."""
        self._publication.wait_until_built()
        before = self._releases()
        marks = [self._save(number)[0] for number in numbers]
        answered = time.perf_counter()
        self._wait_for(numbers[-1], marks[-1])
        live = (time.perf_counter() - answered) * 1000
        self._publication.wait_until_built()
        return self._releases() - before, live

    def _save(self, number: int) -> tuple[str, float]:
        """Adds a mark to a post; returns it with the milliseconds until the answer."""
        path, mark = f"{POSTS}/post-{number}", next(self._marks)
        version = self._editor.ask("GET", path).expect(200).headers["etag"]
        started = time.perf_counter()
        self._editor.ask("PATCH", path, {"content": f"\n{BODY}{mark}\n"}, version=version).expect(200)
        took = (time.perf_counter() - started) * 1000
        self.early += mark.encode() not in (self._folder / f"post-{number}.md").read_bytes()
        return mark, took

    def _wait_for(self, number: int, mark: str) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while mark.encode() not in exchange(self._readers, "GET", f"/posts/post-{number}/").body:
            if time.monotonic() > deadline:
                raise TimeoutError(f"post-{number} is not live after {GIVE_UP_SECONDS} s")
            time.sleep(POLL_SECONDS)

    def _releases(self) -> int:
        """How many builds have made a release so far."""
        [[made]] = self._publication.rows("SELECT count(*) FROM builds WHERE state = 'succeeded'")
        return int(made)
