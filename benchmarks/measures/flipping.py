"""200 releases go live under load, before our own server and before nginx as it is shipped."""

import shutil
from collections.abc import Iterable

from benchmarks import flips
from benchmarks.context import Context, say
from benchmarks.results import Goal, Result

SERVERS = {"pressroom": "", "nginx": " behind nginx"}


def measure(context: Context) -> Iterable[Result]:
    """What readers saw fail while releases went live, rolled back and were pruned."""
    wanted = context.effort.flips
    for server, where in SERVERS.items():
        if server == "nginx" and not shutil.which(server):
            say("nginx is not installed, so its flips are not measured")
            continue
        say(f"{wanted} releases go live under load{where}")
        seen = flips.measure(server, wanted, readers=4)
        requests = int(str(seen["requests"]))
        for key, words in (("failed", "failed"), ("missing_assets", "without their assets")):
            what = f"{wanted} flips{where}, {requests:,} requests: {words}"
            yield Result(what, float(str(seen[key])), "", goal=Goal(at_most=0))
