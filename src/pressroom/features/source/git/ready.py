"""Whether a working tree can take a commit or a fast-forward now."""

import asyncio

from pressroom.features.source.git.errors import GitBusy, GitDetached, GitUnfinished
from pressroom.features.source.git.resting import wait_for_rest
from pressroom.features.source.git.running import Git
from pressroom.features.source.git.tree import WorkingTree

PATIENCE = 5.0


async def check_ready(tree: WorkingTree, git: Git) -> None:
    """Waits a moment for other gits, then refuses what would end badly.

    Raises:
        GitBusy: another git is at work still.
        GitUnfinished: a merge or rebase waits for somebody.
        GitDetached: no branch is checked out.
    """
    if not await wait_for_rest(tree, until=asyncio.get_running_loop().time() + PATIENCE):
        raise GitBusy(f"{tree.lock} is there. Remove it if no git runs in {tree.top}.")
    if waiting := await asyncio.to_thread(lambda: tree.unfinished):
        raise GitUnfinished(f"A {waiting} waits in {tree.top}. Finish or abort it, then try again.")
    if (await git("symbolic-ref", "--quiet", "HEAD")).code:
        raise GitDetached(f"No branch is checked out in {tree.top}. Check one out, then try again.")
