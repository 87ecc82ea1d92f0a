"""`serve` is killed with kill -9 while 8 people write, again and again: is anything that was acknowledged lost?

    python -m benchmarks.kills [--times 100] [--seed 1] [--json]

Each writer creates posts, edits them and publishes some, and remembers what was answered with success. After each
kill the database must be sound and hold all of that, and every release on disk must be whole; at the end every
post whose publishing was acknowledged must have its page.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path

from benchmarks.context import Context, say
from benchmarks.editor import POSTS, Editor
from benchmarks.processes import Server
from benchmarks.publication import Publication
from benchmarks.results import Goal, Result
from benchmarks.wholeness import Site

WRITERS = 8
SHORTEST, LONGEST = 0.05, 1.0  # seconds of writing before a kill


@dataclass(slots=True)
class Promise:
    """What the server acknowledged about one post."""

    slug: str
    edit: int
    is_public: bool = False


@dataclass(slots=True)
class Report:
    """What became of all promises. `lost` and `damaged` say in words what is wrong, one line each."""

    kills: int = 0
    acknowledged: int = 0
    published: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


class Writer(threading.Thread):
    """Writes until the server is gone."""

    def __init__(self, editor: Editor, name: str) -> None:
        super().__init__(name=name)
        self.promises: list[Promise] = []
        self.acknowledged = 0
        self.refused: RuntimeError | None = None
        self._editor = editor

    def run(self) -> None:
        try:
            for number in count():
                self._write(f"{self.name}-{number}", publish=number % 3 == 0)
        except (OSError, HTTPException):
            return  # the kill: what was under way has no answer, so nothing was promised
        except RuntimeError as refusal:
            self.refused = refusal

    def _write(self, slug: str, *, publish: bool) -> None:
        created = self._editor.create(f"Post {slug}", "Words. Edit 0", slug=slug)
        promise = Promise(slug, 0)
        self.promises.append(promise)
        self.acknowledged += 1
        path, version = f"{POSTS}/{slug}", created.headers["etag"]
        for edit in (1, 2):
            edited = self._editor.ask("PATCH", path, {"content": f"Words. Edit {edit}"}, version=version).expect(200)
            promise.edit, version = edit, edited.headers["etag"]
            self.acknowledged += 1
        if publish:
            self._editor.publish(slug, version=version)
            promise.is_public = True
            self.acknowledged += 1


class Ordeal:
    """One publication that is killed many times."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self._publication = Publication(folder)
        self._site = Site(folder / "site")
        self._random = random.Random(seed)
        self._promises: dict[str, Promise] = {}
        self.report = Report()

    def run(self, times: int) -> Report:
        """Kills so many times, looks after each, and at the end lets it build in peace and looks at the pages."""
        self._publication.create_owner()
        with self._publication.serving():
            self._publication.wait_until_built()
        for number in range(times):
            self._kill_once(number)
            self._look()
        with self._publication.serving() as server:
            self._publication.wait_until_built()
            self._visit(server)
        self._look()
        return self.report

    def _kill_once(self, number: int) -> None:
        with self._publication.serving() as server:
            editor = Editor.sign_in(server)
            writers = [Writer(editor.copy(), f"kill-{number}-writer-{each}") for each in range(WRITERS)]
            for writer in writers:
                writer.start()
            time.sleep(self._random.uniform(SHORTEST, LONGEST))
            server.process.kill()
            server.process.wait()
            self._collect(writers)

    def _collect(self, writers: Iterable[Writer]) -> None:
        self.report.kills += 1
        for writer in writers:
            writer.join()
            if writer.refused is not None:
                raise writer.refused
            self._promises |= {promise.slug: promise for promise in writer.promises}
            self.report.acknowledged += writer.acknowledged
            self.report.published += sum(promise.is_public for promise in writer.promises)

    def _look(self) -> None:
        """The database and the files as the kill left them."""
        [[sound]] = self._publication.rows("PRAGMA integrity_check")
        orphans = self._publication.rows("PRAGMA foreign_key_check")
        if sound != "ok" or orphans:
            self.report.damaged.append(f"database: {sound}, {len(orphans)} orphans")
        self.report.damaged += self._site.damages()
        held = {slug: (words, status) for slug, words, status in self._publication.rows(HELD)}
        self.report.lost += [lost for promise in self._promises.values() if (lost := missing(promise, held))]

    def _visit(self, server: Server) -> None:
        public = [promise.slug for promise in self._promises.values() if promise.is_public]
        gone = [slug for slug in public if server.get(f"/posts/{slug}/").status != 200]
        self.report.damaged += [f"site: no page for {slug}" for slug in gone]


HELD = "SELECT slug, content_raw, status FROM posts WHERE deleted_at IS NULL"


def missing(promise: Promise, held: dict[str, tuple[str, str]]) -> str | None:
    """What the database lacks of a promise. It may hold more: a write whose answer the kill cut off."""
    if promise.slug not in held:
        return f"{promise.slug} is gone"
    words, status = held[promise.slug]
    if int(words.split()[-1]) < promise.edit:
        return f"{promise.slug} has {words!r} instead of edit {promise.edit}"
    if promise.is_public and status != "published":
        return f"{promise.slug} is {status} although it was published"
    return None


def measure(context: Context) -> Iterable[Result]:
    """Fewer kills than the full hundred, to bound the time: `python -m benchmarks.kills` does them all."""
    times = context.effort.kills
    say(f"kill -9 under {WRITERS} writers, {times} times")
    report = Ordeal(context.folder / "kills", seed=1).run(times)
    for line in report.lost + report.damaged:
        say(line)
    none = Goal(at_most=0)
    yield Result(f"{times} kills, {report.acknowledged:,} acknowledged writes: lost", len(report.lost), "", goal=none)
    yield Result(f"{times} kills: database or site damaged", len(report.damaged), "", goal=none)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1, help="decides the moments of the kills")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pressroom-kills-", ignore_cleanup_errors=True) as name:
        report = Ordeal(Path(name) / "data", seed=asked.seed).run(asked.times)
    told = asdict(report)
    print(json.dumps(told) if asked.json else "\n".join(f"{name:14} {value}" for name, value in told.items()))
    sys.exit(1 if report.lost or report.damaged else 0)


if __name__ == "__main__":
    main()
