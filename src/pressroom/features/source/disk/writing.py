"""Files written whole or not at all, each with one event for those who watch.

Where a writer dies, and what is left:

1. before the temporary file: nothing;
2. while it is written or synced: the old file, and a temporary one that watchers and sites ignore and `sweep` removes;
3. at the rename: the old file or the new one, whole;
4. before the folder is synced: as seen by everyone, the new file; after a power cut perhaps the old one, whole.
"""

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pressroom.features.source.disk.errors import AlreadyThere, DiskFull, UnsafePath

# A dot, and no `.md` at the end: dev servers take anything else for a post.
_TEMPORARY = ".pressroom-saving-"

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


def write_atomically(path: Path, data: bytes, *, new: bool = False, still: Callable[[], bool] = lambda: True) -> bool:
    """Put `data` at `path`, whole and lasting; mode and owner of the file that was there stay.

    With `new`, a file that is there already is left alone. `still` is asked last, when all that is left to do is the
    rename: unless it holds, nothing is done. Returns whether it held. The folder must exist.

    Raises:
        AlreadyThere: `new`, and there is a file.
        UnsafePath: a link, a folder or a device stands at `path`.
        DiskFull: no room; the old file is as it was.
    """
    old = _standing_at(path)
    if old and new:
        raise AlreadyThere(f"{path.name} is there already; it was left as it is.")
    temporary = path.with_name(temporary_name())
    with _disk_full_named():
        try:
            _write(temporary, data, like=old)
            if not still():
                os.unlink(temporary)  # noqa: PTH108 - as above
                return False
            if new:
                _name_new(temporary, path)
            else:
                os.replace(temporary, path)  # noqa: PTH105 - tests count the calls into `os`
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - as above
            raise
        sync_folder(path.parent)
    return True


def temporary_name() -> str:
    """A name that nobody has and that watchers and sites pass over; `sweep` removes what is left of it."""
    return f"{_TEMPORARY}{secrets.token_hex(8)}"


def is_temporary(name: str) -> bool:
    """Whether a file of this name is one that a dead writer left behind, or a living one is about to rename."""
    return name.startswith(_TEMPORARY)


def sweep(root: Path) -> list[Path]:
    """Remove what dead writers left below `root`; only while nobody writes there. Returns what was removed."""
    left = [Path(folder, name) for folder, _, names in os.walk(root) for name in names if is_temporary(name)]
    for path in left:
        path.unlink(missing_ok=True)
    return left


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _standing_at(path: Path) -> os.stat_result | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise UnsafePath(path.name, "is a link, a folder or a device, not a file")
    return found


def _write(temporary: Path, data: bytes, *, like: os.stat_result | None) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        if like:
            if os.geteuid() == 0:
                os.fchown(descriptor, like.st_uid, like.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _name_new(temporary: Path, path: Path) -> None:
    """A second name fails where one stands; a rename would not."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise AlreadyThere(f"{path.name} is there already; it was left as it is.") from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.replace(temporary, path)  # noqa: PTH105 - as above
    else:
        os.unlink(temporary)  # noqa: PTH108 - as above


@contextmanager
def _disk_full_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFull from error
