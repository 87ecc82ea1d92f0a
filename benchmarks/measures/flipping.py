"""200 releases go live under load."""

from collections.abc import Iterable

from benchmarks import flips
from benchmarks.context import Context, say
from benchmarks.results import Goal, Result


def measure(context: Context) -> Iterable[Result]:
    """What readers saw fail while releases went live, rolled back and were pruned."""
    wanted = context.effort.flips
    say(f"{wanted} releases go live under load")
    seen = flips.measure("pressroom", wanted, readers=4)
    requests = int(str(seen["requests"]))
    for key, words in (("failed", "failed"), ("missing_assets", "without their assets")):
        yield Result(f"{wanted} flips, {requests:,} requests: {words}", float(str(seen[key])), "", goal=Goal(at_most=0))
