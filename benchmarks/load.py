"""Load from 32 kept connections, by `wrk` where it is installed and by our own client otherwise."""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import REPOSITORY, Server

CONNECTIONS = 32
SCRIPT = Path(__file__).with_name("report.lua")
GENERATOR = "wrk" if shutil.which("wrk") else "own client"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the load generator saw in one round."""

    requests: int
    bytes: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours and a reference, measured in turn."""

    ours: float
    reference: float
    ratio: float
    requests: int


def put_load(server: Server, paths: Sequence[str], *, seconds: int) -> Seen:
    """Asks for the paths in turn, for so many seconds.

    Raises:
        RuntimeError: an answer failed or was not 200.
    """
    done = subprocess.run(
        _command(server.port, paths, seconds), cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    seen = json.loads(done.stdout.strip().splitlines()[-1])
    if seen["failed"] or not seen["requests"]:
        raise RuntimeError(f"Under load {seen['failed']} of {seen['requests']} answers were wrong: {paths[0]}")
    return Seen(seen["requests"], seen["bytes"], seen["seconds"])


def _command(port: int, paths: Sequence[str], seconds: int) -> list[str]:
    if GENERATOR == "wrk":
        options = [f"-c{CONNECTIONS}", "-t1", f"-d{seconds}s", "-s", str(SCRIPT)]
        return ["wrk", *options, f"http://127.0.0.1:{port}", "--", *paths]
    return [sys.executable, "-m", "benchmarks.client", str(port), str(CONNECTIONS), str(seconds), *paths]


def compare(ours: Server, reference: Server, paths: Sequence[str], *, rounds: int, seconds: int) -> Comparison:
    """Both in turn, so that a machine that gets slower slows both; medians of the rounds and of their ratios."""
    put_load(ours, paths, seconds=1)
    put_load(reference, paths, seconds=1)
    pairs = [
        (put_load(ours, paths, seconds=seconds), put_load(reference, paths, seconds=seconds)) for _ in range(rounds)
    ]
    return Comparison(
        ours=statistics.median(mine.rate for mine, _ in pairs),
        reference=statistics.median(theirs.rate for _, theirs in pairs),
        ratio=statistics.median(mine.rate / theirs.rate for mine, theirs in pairs),
        requests=sum(mine.requests for mine, _ in pairs),
    )
