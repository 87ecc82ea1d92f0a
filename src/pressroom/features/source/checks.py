"""What `pressroom doctor` looks at in the attached folder."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.source.attachment import find_attachment
from pressroom.features.source.disk import temporary_name
from pressroom.features.source.disk.mounts import file_system
from pressroom.features.source.git import WorkingTree, find_tree
from pressroom.features.source.git.running import Git
from pressroom.features.source.repository import SourceFiles
from pressroom.features.source.settings import SourceSettings
from pressroom.features.source.watching.changes import WatchFailed, must_poll, places_in, told_of
from pressroom.features.source.watching.trouble import advice_for
from pressroom.features.source.wish import Wish, find_wish
from pressroom.kernel.diagnosis import Check, Complaint
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services

HEARD_WITHIN = 6.0


async def checks(services: Services) -> Mapping[str, Check]:
    """The folder alone where none is attached; its git and its watch, too, where one is there."""
    async with services.reading() as session:
        attachment = await find_attachment(session)
    wish = await find_wish(services)
    content = attachment.content if attachment else None
    found: dict[str, Check] = {"source folder": _FolderCheck(content, wish)}
    if content is not None and await asyncio.to_thread(content.is_dir):
        found |= {"source git": _GitCheck(content), "source watch": _WatchCheck(content)}
    return found


@dataclass(frozen=True, slots=True)
class _FolderCheck:
    """Is the folder there, can it be written, and is it the one that the settings ask for?"""

    content: Path | None
    wish: Wish

    async def __call__(self, services: Services) -> str:
        if self.wish.trouble:
            raise Complaint(self.wish.trouble)
        if self.content is None:
            return f"`serve` will attach {self.wish.site.content}" if self.wish.site else "none is attached"
        told = await asyncio.to_thread(_written_to, self.content)
        async with services.reading() as session:
            waiting = await SourceFiles(session).waiting()
        if waiting:
            named = ", ".join(waiting[:3]) + (" …" if len(waiting) > 3 else "")  # noqa: PLR2004  # enough to look at
            raise Complaint(f"Saves wait to be written: {named}. `pressroom site scan` tries again and says why")
        return told


@dataclass(frozen=True, slots=True)
class _GitCheck:
    """Can git be used where the settings ask for it?"""

    content: Path

    async def __call__(self, services: Services) -> str:
        wishes = services.settings[SourceSettings]
        is_wanted = bool(wishes.git_commit or wishes.git_pull_minutes)
        try:
            return await self._state(await asyncio.to_thread(find_tree, self.content), is_wanted=is_wanted)
        except AppError as error:
            if is_wanted:
                raise Complaint(error.detail) from error
            return error.detail

    async def _state(self, tree: WorkingTree | None, *, is_wanted: bool) -> str:
        if tree is None:
            told = f"{self.content} is not in a working tree of git"
            if is_wanted:
                raise Complaint(f"{told}, though the settings ask for commits or pulls. Run: git init")
            return told
        words = ("status", "--porcelain=v2", "--branch", "--untracked-files=all", "--", str(self.content))
        said = await Git(tree.top)(*words)
        if said.code:
            raise Complaint(said.words)
        told = f"{tree.top}, {_branch(said.output)}"
        if tree.unfinished:
            return f"{told}, and a {tree.unfinished} that waits to be finished"
        return told


@dataclass(frozen=True, slots=True)
class _WatchCheck:
    """Does the system tell of a change? A hidden file is written to see."""

    content: Path

    async def __call__(self, services: Services) -> str:
        setting = services.settings[SourceSettings].watch
        if setting == "off":
            return "off; changes are taken in each minute"
        polling = await asyncio.to_thread(must_poll, self.content, setting)
        try:
            async with asyncio.timeout(HEARD_WITHIN):
                places = await asyncio.to_thread(lambda: list(places_in(self.content)))
                await _heard(places, self.content / temporary_name(), polling=polling)
        except TimeoutError as error:
            raise Complaint("No change was heard of. Set source.watch=poll") from error
        except (OSError, WatchFailed) as error:
            raise Complaint(f"{error}. {advice_for(error)}") from error
        return f"{len(places)} folders, {'looked at every two seconds' if polling else 'told by the system'}"


def _written_to(content: Path) -> str:
    if not content.is_dir():
        raise Complaint(f"{content} is not there. Mount it, or let go of it: pressroom site detach")
    probe = content / temporary_name()
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise Complaint(
            f"{content} cannot be written ({error.strerror}); saves would fail. Make it writable"
        ) from error
    return f"{content}, writable, on {file_system(content) or 'an unknown file system'}"


def _branch(status: str) -> str:
    """What `git status --porcelain=v2 --branch` says, in a few words."""
    heads = dict(line[2:].split(" ", 1) for line in status.splitlines() if line.startswith("# branch."))
    changed = sum(not line.startswith("#") for line in status.splitlines())
    name = heads.get("branch.head", "")
    where = "no branch checked out" if name == "(detached)" else f"branch {name}"
    ahead, behind = (heads.get("branch.ab") or "+0 -0").split()
    apart = [f"{ahead[1:]} to push"] * (ahead != "+0") + [f"{behind[1:]} to pull"] * (behind != "-0")
    return ", ".join([where, *apart, f"{changed} posts not committed" if changed else "everything committed"])


async def _heard(places: list[str], probe: Path, *, polling: bool | None) -> None:
    """Returns once a change of the probe has been told of."""
    async with aclosing(told_of(places, polling=polling)) as batches:
        try:
            await anext(batches)
            await asyncio.to_thread(probe.touch)
            async for batch in batches:
                if any(path == str(probe) for path, _ in batch):
                    return
        finally:
            with suppress(FileNotFoundError):
                await asyncio.to_thread(probe.unlink)
