"""Measures: `python -m benchmarks [NAME…] [--json|--markdown] [--quick]`.

Prints one line each: what, ours, the reference, ours ÷ reference, the goal, and whether it is met.
"""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks import kills
from benchmarks.context import QUICK, Context, Effort, Measure, say
from benchmarks.measures import flipping, importing, indexing, publishing, reading, saving, searching, starting
from benchmarks.results import Result, Table

MEASURES = (
    Measure("hot", "ready-made answers and pages next to a bare Starlette", reading.measure_hot),
    Measure("cold", "through the framework next to the usual FastAPI and ORM endpoint", reading.measure_cold),
    Measure("start", "start to first answer, memory at rest", starting.measure),
    Measure("import", "a folder of 1,000 Markdown files", importing.measure),
    Measure("build", "CPU seconds of a full build of 1,000 posts", publishing.measure_full_build),
    Measure("publish", "from publishing to what readers see, at 1,000 and 10,000 posts", publishing.measure),
    Measure("index", "a folder of 10,000 files: first index, rescan, list", indexing.measure),
    Measure("save", "from a save on an attached folder to its file and its page", saving.measure),
    Measure("search", "queries at 10,000 posts", searching.measure),
    Measure("flips", "releases go live under load", flipping.measure),
    Measure("kills", "kill -9 under concurrent writers", kills.measure),
)


def main() -> None:
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers under measure are stopped
    wanted = [measure for measure in MEASURES if not asked.names or measure.name in asked.names]
    results: list[Result] = []
    table = None if asked.json else Table(markdown=asked.markdown)
    with tempfile.TemporaryDirectory(prefix="pressroom-bench-", ignore_cleanup_errors=True) as name:
        context = Context(Path(name), QUICK if asked.quick else Effort())
        for measure in wanted:
            for result in measure.run(context):
                results.append(result)
                if table:
                    table.add(result)
    say("done")
    if asked.json:
        print(json.dumps([result.as_dict() for result in results], indent=2, ensure_ascii=False))


def arguments() -> argparse.Namespace:
    names = "\n".join(f"  {measure.name:9} {measure.about}" for measure in MEASURES)
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the program as ratios in one run. Nothing else should be at work on the machine.",
        epilog=f"names:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; everything when none is named")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--markdown", action="store_true", help="print the table as docs/performance.md shows it")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, to see that everything runs")
    asked = parser.parse_args()
    if unknown := set(asked.names) - {measure.name for measure in MEASURES}:
        parser.error(f"no measure is called {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    main()
