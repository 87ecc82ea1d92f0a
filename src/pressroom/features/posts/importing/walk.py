"""Finding the files of a folder, and saying what is left out and why."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.posts.importing.report import Outcome

MARKDOWN = {".md", ".markdown"}
FOLDERS_LEFT_OUT = {"node_modules", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file, by its path inside the folder; `left_out` says why it is not read."""

    path: str
    left_out: Outcome | None = None
    reason: str = ""


def walk(folder: Path) -> Iterator[Found]:
    """Every Markdown file under a folder, in order. Hidden folders and files are passed over."""
    root = folder.resolve()
    for place, folders, files in os.walk(root):
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        yield from (found for name in sorted(linked) if (found := _linked_folder(root, here / name)))
        folders[:] = sorted(name for name in folders if name not in linked and not _is_passed_over(name))
        for name in sorted(files):
            if not name.startswith(".") and (found := _file(root, here / name)):
                yield found


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name in FOLDERS_LEFT_OUT


def _linked_folder(root: Path, path: Path) -> Found | None:
    """A link inside the folder leads to what is walked anyway."""
    if path.name.startswith(".") or path.resolve().is_relative_to(root):
        return None
    return Found(_inside(root, path), Outcome.failed, "this link leads out of the folder; it is not followed")


def _file(root: Path, path: Path) -> Found | None:
    suffix = path.suffix.lower()
    if suffix == ".mdx":
        return Found(_inside(root, path), Outcome.skipped, "mdx is code: not imported")
    if suffix not in MARKDOWN:
        return None
    if path.is_symlink():
        return _linked_file(root, path)
    return Found(_inside(root, path))


def _linked_file(root: Path, path: Path) -> Found:
    target = path.resolve()
    if not target.is_relative_to(root):
        return Found(_inside(root, path), Outcome.failed, "this link leads out of the folder; it is not read")
    if not target.is_file():
        return Found(_inside(root, path), Outcome.failed, "this link leads nowhere")
    return Found(_inside(root, path), Outcome.duplicate, f"a link to {target.relative_to(root).as_posix()}")


def _inside(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()
