"""Waiting while git works, so that a checkout of hundreds of files is taken in as one."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog

from pressroom.features.source.git.tree import Stamp, WorkingTree, find_tree

T = TypeVar("T")
LOOK_SECONDS = 0.05
# Between the steps of a rebase there is no lock for a moment; one that waits for a person moves nothing.
STILL_SECONDS = 1.0
PATIENCE = 20.0
log = structlog.get_logger(__name__)


async def look_at_rest(folder: Path, look: Callable[[], T]) -> T:
    """Looks at a folder while no git changes it, and looks again when one began meanwhile.

    Waits for twenty seconds at most: a lock that a dead git left must not silence the folder. What is half done then
    is taken in, and the rest by the next look.
    """
    tree = await asyncio.to_thread(find_tree, folder)
    if tree is None:
        return await asyncio.to_thread(look)
    clock = asyncio.get_running_loop().time
    until = clock() + PATIENCE
    while True:
        at_rest = await wait_for_rest(tree, until=until)
        before = await asyncio.to_thread(tree.stamp)
        found = await asyncio.to_thread(look)
        if not at_rest or clock() > until or not await asyncio.to_thread(_moved, tree, before):
            return found


async def wait_for_rest(tree: WorkingTree, *, until: float) -> bool:
    """Waits until no git is at work, or that moment of the loop's clock has come. Returns whether none is."""
    clock = asyncio.get_running_loop().time
    seen, since = await asyncio.to_thread(tree.stamp), clock()
    while True:
        locked, unfinished, now = await asyncio.to_thread(_state, tree)
        if locked or now != seen:
            seen, since = now, clock()
        if not locked and (not unfinished or clock() - since >= STILL_SECONDS):
            return True
        if clock() > until:
            log.warning("source.git_still_at_work", lock=str(tree.lock), advice="remove it if no git runs there")
            return False
        await asyncio.sleep(LOOK_SECONDS)


def _state(tree: WorkingTree) -> tuple[bool, str | None, Stamp]:
    return tree.lock.exists(), tree.unfinished, tree.stamp()


def _moved(tree: WorkingTree, before: Stamp) -> bool:
    return tree.lock.exists() or tree.stamp() != before
