"""Finding the Markdown of the attached folder, with what tells a changed file without reading it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.source.errors import FolderUnreadable

ENDINGS = (".md", ".mdx", ".markdown")
NOT_THERE = "The folder of the posts cannot be read. Is its disk mounted?"
_LEFT_OUT = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A file by its path inside the folder."""

    path: str
    size: int
    mtime_ns: int


def walk(folder: Path) -> Iterator[Seen]:
    """Every Markdown file under a folder. What is hidden is passed over, and no link is followed."""
    waiting = [("", str(folder))]
    while waiting:
        before, place = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                name = entry.name
                if is_passed_over(name) or entry.is_symlink():
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{before}{name}/", entry.path))
                elif is_markdown(name) and entry.is_file(follow_symlinks=False):
                    found = entry.stat(follow_symlinks=False)
                    yield Seen(f"{before}{name}", found.st_size, found.st_mtime_ns)


def names_in(folder: Path) -> list[str]:
    """Every name in the folder itself, for whoever looks for a free one.

    Raises:
        FolderUnreadable: it cannot be listed.
    """
    try:
        return os.listdir(folder)  # noqa: PTH208 - names, not paths
    except OSError as error:
        raise FolderUnreadable(NOT_THERE) from error


def is_passed_over(name: str) -> bool:
    """Whether nothing of this name is looked at: hidden files, and folders of tools."""
    return name.startswith(".") or name in _LEFT_OUT


def is_markdown(name: str) -> bool:
    """Whether a file of this name is a post."""
    return name.lower().endswith(ENDINGS)
