"""A working tree as its files show it. Nothing is run, so this may be asked at every scan."""

from dataclasses import dataclass
from pathlib import Path

_BRANCH = "ref: refs/heads/"
_UNFINISHED = {
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "MERGE_HEAD": "merge",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}
Stamp = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """A working tree: the folder that one sees, and git's own folder for it."""

    top: Path
    git: Path

    @property
    def lock(self) -> Path:
        """There while a git changes the index or the files."""
        return self.git / "index.lock"

    @property
    def branch(self) -> str | None:
        """The branch that is checked out; `None` on a detached HEAD."""
        head = _text(self.git / "HEAD")
        return head.removeprefix(_BRANCH) if head.startswith(_BRANCH) else None

    @property
    def unfinished(self) -> str | None:
        """What waits to be finished (a merge, a rebase …), in one word."""
        return next((name for file, name in _UNFINISHED.items() if (self.git / file).exists()), None)

    def stamp(self) -> Stamp:
        """Differs after every checkout, merge or commit."""
        try:
            found = (self.git / "index").stat()
        except FileNotFoundError:
            return 0, 0, _text(self.git / "HEAD")
        return found.st_mtime_ns, found.st_ino, _text(self.git / "HEAD")

    def path_of(self, file: Path) -> str:
        """A file's path as git writes it."""
        return file.relative_to(self.top).as_posix()


def find_tree(folder: Path) -> WorkingTree | None:
    """The nearest working tree around a folder, linked ones and submodules included."""
    for each in (folder, *folder.parents):
        git = _git_folder(each / ".git")
        if git is not None:
            return WorkingTree(each, git)
    return None


def _git_folder(mark: Path) -> Path | None:
    if mark.is_dir():
        return mark
    named = _text(mark)
    return (mark.parent / named.removeprefix("gitdir:").strip()).resolve() if named.startswith("gitdir:") else None


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
