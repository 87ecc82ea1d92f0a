"""Committing one post's file, and nothing else of the working tree.

`git commit --only` makes the commit from HEAD and this one file, whatever else is staged or changed. Where it dies:
before git renames its index nothing happened; after that the file is staged at worst, and the next try commits it.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pressroom.features.posts.importing.mapping import map_front
from pressroom.features.posts.states import Visibility
from pressroom.features.source.git.errors import GitRefused
from pressroom.features.source.git.ready import check_ready
from pressroom.features.source.git.running import Git
from pressroom.features.source.git.tree import WorkingTree
from pressroom.kernel.text.errors import TextError
from pressroom.kernel.text.frontmatter import split

Action = Literal["Publish", "Update", "Take back", "Delete"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose name and mail stand in a commit."""

    name: str
    email: str

    def environ(self) -> dict[str, str]:
        parts = {"NAME": self.name, "EMAIL": self.email}
        return {f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in parts.items()}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The commit that was made, or why none was."""

    commit: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """What a file says about its post: its title, the last part of its address, and whether readers are to see it."""

    title: str
    slug: str
    is_out: bool


def front_of(data: bytes | None, path: str) -> Front | None:
    """What stands in a file; `None` where there is no file. One that cannot be read is no post."""
    if data is None:
        return None
    stem = PurePosixPath(path).stem
    try:
        document = split(data.decode(errors="replace"))
    except TextError:
        return Front(stem, stem, is_out=False)
    mapped = map_front(document.front, document.body, path)
    is_out = not mapped.draft and mapped.flat.get("visibility") != Visibility.private
    return Front(str(mapped.flat.get("title") or stem), str(mapped.flat.get("slug") or mapped.name), is_out)


def action_of(before: Front | None, after: Front | None) -> Action | None:
    """What a change of the file does for readers; `None` when a draft stays a draft."""
    was_out, is_out = before is not None and before.is_out, after is not None and after.is_out
    if after is None:
        return "Delete" if before else None
    if is_out:
        return "Update" if was_out else "Publish"
    return "Take back" if was_out else None


class Committer:
    """Commits files of one working tree."""

    def __init__(self, tree: WorkingTree, *, code: bool) -> None:
        self._tree = tree
        self._git = Git(tree.top, code=code)

    async def commit(self, file: Path, template: str, by: Identity) -> Outcome:
        """Commits the file as it stands on disk, or its absence.

        Raises:
            GitBusy, GitUnfinished, GitDetached: the working tree is not ready.
            GitRefused: git says no, in its own words.
        """
        await check_ready(self._tree, self._git)
        path = self._tree.path_of(file)
        state = (await self._run("status", "--porcelain", "--untracked-files=all", "--", path)).strip()
        before, after = await self._committed(path), await asyncio.to_thread(_content, file)
        if not state:
            is_ignored = before is None and after is not None
            return Outcome(note=f"git ignores {path}." if is_ignored else f"{path} is committed already.")
        old, new = front_of(before, path), front_of(after, path)
        action = action_of(old, new)
        if action is None:
            return Outcome(note=f"{path} is a draft; drafts are not committed.")
        front = new or old
        values = {"action": action, "title": front.title, "slug": front.slug} if front else {}
        message = template.format_map(values | {"path": path, "author": by.name})
        return await self._commit(path, message, by, is_new=state.startswith("??"))

    async def _committed(self, path: str) -> bytes | None:
        said = await self._git("cat-file", "blob", f"HEAD:{path}")
        return None if said.code else said.output.encode()

    async def _commit(self, path: str, message: str, by: Identity, *, is_new: bool) -> Outcome:
        if is_new:
            await self._run("add", "--intent-to-add", "--", path)
        words = ("commit", "--quiet", "--only", "--cleanup=whitespace", f"--message={message}", "--", path)
        said = await self._git(*words, also=by.environ())
        if said.code:
            if is_new:
                await self._git("rm", "--cached", "--quiet", "--", path)
            raise GitRefused(said.words)
        return Outcome(commit=(await self._run("rev-parse", "HEAD")).strip())

    async def _run(self, *words: str) -> str:
        said = await self._git(*words)
        if said.code:
            raise GitRefused(said.words)
        return said.output


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
