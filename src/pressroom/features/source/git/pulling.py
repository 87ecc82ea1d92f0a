"""Bringing a working tree to what its remote has, when that is a fast-forward; otherwise nothing is touched.

Fetching changes no file. The fast-forward itself is git's, in a process group of its own that outlives a kill of ours:
it refuses before it writes when a changed file is in the way. When the machine dies in the middle, git's lock and some
of the new files are left: the scan takes those in, and the next pull says in git's words what stands in its way.
"""

from dataclasses import dataclass

from pressroom.features.source.git.errors import GitDiverged, GitRefused, GitUnreachable
from pressroom.features.source.git.ready import check_ready
from pressroom.features.source.git.running import REMOTE_SECONDS, Git, Interrupt
from pressroom.features.source.git.tree import WorkingTree

_UPSTREAM = "@{upstream}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where the branch stands and where its remote does, how many commits lie between, and git's words."""

    here: str
    there: str
    behind: int
    words: str


class Remote:
    """The other side of one working tree's branch."""

    def __init__(self, tree: WorkingTree, *, code: bool, interrupt: Interrupt = lambda: None) -> None:
        self._tree = tree
        self._git = Git(tree.top, code=code, interrupt=interrupt)

    async def fetch(self) -> Fetched:
        """Asks the remote what it has.

        Raises:
            GitBusy, GitUnfinished, GitDetached: the working tree is not ready.
            GitRefused: the branch follows no remote.
            GitUnreachable: the remote does not answer.
            GitDiverged: a fast-forward is not possible.
        """
        await check_ready(self._tree, self._git)
        await self._line("rev-parse", "--symbolic-full-name", _UPSTREAM)
        said = await self._git("fetch", seconds=REMOTE_SECONDS)
        if said.code:
            raise GitUnreachable(said.words)
        counts = (await self._line("rev-list", "--left-right", "--count", f"HEAD...{_UPSTREAM}")).split()
        ahead, behind = map(int, counts)
        if ahead and behind:
            raise GitDiverged(
                f"{ahead} commits here and {behind} there; nothing was changed. Merge or rebase yourself."
            )
        words = said.words if said.complaint else "Nothing new there"
        return Fetched(await self._short("HEAD"), await self._short(_UPSTREAM), behind, words)

    async def fast_forward(self) -> str:
        """Checks out what was fetched. Returns git's words: which files changed.

        Raises:
            GitRefused: a file that somebody changed stands in the way; nothing was changed.
        """
        return await self._line("merge", "--ff-only", "--stat", _UPSTREAM)

    async def push(self, name: str) -> str:
        """Sends the branch to a remote. Returns git's words.

        Raises:
            GitDiverged: the remote has commits that are not here; pull first.
            GitUnreachable: the remote does not answer, or does not let us in.
        """
        said = await self._git("push", name, "HEAD", seconds=REMOTE_SECONDS)
        if not said.code:
            return said.words
        if "[rejected]" in said.complaint or "non-fast-forward" in said.complaint:
            raise GitDiverged(f"{name} has commits that are not here; pull, then push. {said.words}")
        raise GitUnreachable(said.words)

    async def _short(self, commit: str) -> str:
        return await self._line("rev-parse", "--short", commit)

    async def _line(self, *words: str) -> str:
        said = await self._git(*words)
        if said.code:
            raise GitRefused(said.words)
        return said.output.strip()
