"""Taking in what a remote has: one fast-forward, then one scan."""

import asyncio
from typing import Any
from uuid import UUID

from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.errors import NothingAttached
from pressroom.features.source.git import WorkingTree, find_tree
from pressroom.features.source.git.errors import NotInGit
from pressroom.features.source.git.pulling import Fetched, Remote
from pressroom.features.source.holding import holding
from pressroom.features.source.journal import finish_intents
from pressroom.features.source.orders import PULL
from pressroom.features.source.policy import check_may_pull
from pressroom.features.source.scanning import ScanReport, scan_held
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.auth import Actor
from pressroom.kernel.jobs import JobContext
from pressroom.kernel.schema import Schema
from pressroom.kernel.services import Services


class Pulled(Schema):
    """From which commit to which, how many there were, and what the scan found."""

    before: str
    after: str
    commits: int
    scan: dict[str, Any]


async def ask_for_pull(services: Services, actor: Actor) -> UUID:
    """Asks for a pull; one that waits already is joined. Returns the job's id.

    Raises:
        NotPermitted: this is no administrator.
        NothingAttached, NotInGit: there is nothing to pull into.
    """
    check_may_pull(actor)
    await _find_tree(services)
    kind = services.jobs.find(PULL)
    assert kind  # noqa: S101  # this slice brings it
    async with services.unit() as unit:
        return await unit.enqueue(kind, kind.arguments(), key=f"{PULL}:{actor.id}", actor_id=actor.id)


async def pull(context: JobContext) -> Pulled:
    """Fetches, fast-forwards and scans, and says so in the job's log.

    Saves wait while files are checked out, not while the network is asked. Dying in between leaves a working tree
    that the next scan takes in.

    Raises:
        NothingAttached, NotInGit: there is nothing to pull into.
        GitDiverged: both sides have commits; nothing was changed.
        GitRefused: a changed file is in the way, or the branch follows no remote; nothing was changed.
        GitBusy, GitUnfinished, GitDetached, GitUntrusted, GitUnreachable, GitMissing, GitTimedOut: git cannot.
    """
    services = context.services
    tree = await _find_tree(services)
    code = services.settings[SourceSettings].git_hooks
    remote = Remote(tree, code=code, interrupt=context.raise_if_cancelled)
    await context.progress(0.05, f"Fetching into {tree.top}, branch {tree.branch}")
    fetched = await remote.fetch()
    await context.progress(0.5, fetched.words)
    async with holding(services, "scan"):
        if fetched.behind:
            await finish_intents(services)
            async with holding(services, "write"):
                words = await remote.fast_forward()
            await context.progress(0.7, words)
        report = await scan_held(services)
    await context.progress(0.95, report.as_text())
    return _pulled(fetched, report)


def _pulled(fetched: Fetched, report: ScanReport) -> Pulled:
    after = fetched.there if fetched.behind else fetched.here
    return Pulled(before=fetched.here, after=after, commits=fetched.behind, scan=report.as_json())


async def _find_tree(services: Services) -> WorkingTree:
    async with services.reading() as session:
        attachment = await find_attachment(session)
    if attachment is None:
        raise NothingAttached
    tree = await asyncio.to_thread(find_tree, attachment.content)
    if tree is None:
        raise NotInGit(f"{attachment.content} is not in a working tree of git.")
    return tree
