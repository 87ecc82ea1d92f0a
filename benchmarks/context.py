"""What all measures of one run share: a folder, how long to measure, and publications that are made once."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.publication import Publication, seed
from benchmarks.results import Result


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds of load and their seconds, samples of one thing, kills, flips."""

    rounds: int = 5
    seconds: int = 2
    samples: int = 20
    starts: int = 5
    imports: int = 3
    kills: int = 20
    flips: int = 200


QUICK = Effort(rounds=2, seconds=1, samples=5, starts=2, imports=1, kills=3, flips=20)


@dataclass(slots=True)
class Context:
    """Handed to every measure."""

    folder: Path
    effort: Effort
    _seeded: dict[int, Publication] = field(default_factory=dict)

    def publication(self, posts: int) -> Publication:
        """A publication of so many imported posts with its site built; made at its first use."""
        if posts not in self._seeded:
            say(f"importing {posts:,} posts and building their site")
            publication = Publication(self.folder / f"posts-{posts}")
            seed(publication, posts)
            self._seeded[posts] = publication
        return self._seeded[posts]


@dataclass(frozen=True, slots=True)
class Measure:
    """One name on the command line."""

    name: str
    about: str
    run: Callable[[Context], Iterable[Result]]


_STARTED = time.monotonic()


def say(words: str) -> None:
    """Progress, beside the results."""
    print(f"[{time.monotonic() - _STARTED:5.0f} s] {words}", file=sys.stderr, flush=True)
