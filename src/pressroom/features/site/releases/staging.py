"""A release in the making."""

import os
import stat
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from pressroom.features.site.releases.carry import CARRIED, carried, forget_carried
from pressroom.features.site.releases.disk import disk_full_named, fsync_all, fsync_tree
from pressroom.features.site.releases.errors import IncompleteRelease, UnsafePath

_LONGEST_NAME = 255
_LONGEST_PATH = 2048


class Staging:
    """A folder that nobody reads until it is whole; most of its files are shared with the live release.

    Dying anywhere in here leaves a folder under `staging/`, which `ReleaseStore.recover` deletes.
    """

    def __init__(self, folder: Path, *, durable: bool) -> None:
        """`durable` says that what `folder` holds already would survive a power cut."""
        self.folder = folder
        self._durable = durable
        self._written: set[str] = set()
        self._changed_folders: set[str] = {""}
        self._real_folders: set[str] = set()

    def write(self, relpath: str, data: bytes) -> None:
        """Put a file at `relpath` (`/`-separated, inside the release); raises `UnsafePath`, `DiskFull`."""
        parts = _parts(relpath)
        with disk_full_named():
            self._make_parents(parts)
            self._unlink(relpath)
            # The old name is gone and "x" makes a new file: bytes that a live release shares are never
            # written to. No temporary name is needed, because nobody reads this folder yet.
            with (self.folder / relpath).open("xb") as file:
                file.write(data)
        self._written.add(relpath)
        self._changed_folders.add("/".join(parts[:-1]))

    def holds(self, relpath: str) -> bool:
        """Whether there is a file at `relpath` already that stays: one that is carried goes when its time is over."""
        return relpath not in self._carried and (self.folder / relpath).is_file()

    def delete(self, relpath: str) -> None:
        """Take the file at `relpath` away, and the folders it leaves empty; one that is not there is fine."""
        parts = _parts(relpath)
        for parent in _parents(parts):
            if not self._is_real_folder(parent):
                return
        self._unlink(relpath)
        self._written.discard(relpath)
        self._remove_empty(list(_parents(parts)))

    def seal(self) -> None:
        """Check that this can be served, and make it survive a power cut; raises `IncompleteRelease`."""
        if not (self.folder / "index.html").is_file():
            raise IncompleteRelease
        forget_carried(self.folder, written=self._written)
        if self._durable:
            changed = (*sorted(self._written), *sorted(self._changed_folders))
            fsync_all([self.folder / path for path in changed], root=self.folder)
        else:
            fsync_tree(self.folder)

    @cached_property
    def _carried(self) -> Collection[str]:
        return carried(self.folder)

    def _make_parents(self, parts: list[str]) -> None:
        for folder in _parents(parts):
            if not self._is_real_folder(folder):
                (self.folder / folder).mkdir()
                self._real_folders.add(folder)
                self._changed_folders.update((folder, folder.rpartition("/")[0]))

    def _is_real_folder(self, relpath: str) -> bool:
        """Whether a folder is there; a file or a symlink in its place raises `UnsafePath`."""
        if relpath in self._real_folders:
            return True
        try:
            mode = (self.folder / relpath).lstat().st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode):
            raise UnsafePath(relpath, "is not a folder, so nothing can be put inside.")
        self._real_folders.add(relpath)
        return True

    def _unlink(self, relpath: str) -> None:
        try:
            (self.folder / relpath).unlink(missing_ok=True)
        except (IsADirectoryError, PermissionError) as error:
            if not (self.folder / relpath).is_dir():
                raise
            raise UnsafePath(relpath, "is a folder, not a file.") from error

    def _remove_empty(self, folders: list[str]) -> None:
        for folder in reversed(folders):
            with os.scandir(self.folder / folder) as entries:
                if next(entries, None) is not None:
                    self._changed_folders.add(folder)
                    return
            (self.folder / folder).rmdir()
            self._real_folders.discard(folder)
            self._changed_folders.discard(folder)


def _parts(relpath: str) -> list[str]:
    """The names along a path that stays inside its release."""
    parts = relpath.split("/")
    if "\0" in relpath or any(part in {"", ".", ".."} for part in parts) or relpath == CARRIED:
        raise UnsafePath(relpath, "is not a path inside a release.")
    try:
        longest = max(len(os.fsencode(part)) for part in parts)
    except UnicodeEncodeError as error:
        raise UnsafePath(relpath, "cannot be a file name.") from error
    if longest > _LONGEST_NAME or len(relpath) > _LONGEST_PATH:
        raise UnsafePath(relpath, "is longer than file systems allow.")
    return parts


def _parents(parts: list[str]) -> Iterator[str]:
    """`a`, `a/b` for `a/b/c`."""
    return accumulate(parts[:-1], "{}/{}".format)
