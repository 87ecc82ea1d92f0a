"""Reading inside the source folder, and only inside: no step follows a symbolic link."""

import errno
import os
import stat
from hashlib import sha256
from pathlib import Path

from pressroom.features.source.disk.errors import UnsafePath

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# As large as any post may be that is taken in.
LARGEST = 8 * 1024 * 1024
# A pipe that stands in for a file must not keep us waiting.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def digest(data: bytes) -> str:
    """What tells two contents apart: the SHA-256 in hex."""
    return sha256(data).hexdigest()


def read_inside(root: Path, relpath: str, *, most: int = LARGEST) -> bytes:
    """The bytes of the file at `relpath` (parts joined by `/`) below `root`.

    Raises:
        UnsafePath: it leads out, or a link stands on the way, or it is no regular file.
        UnsafePath: it has more than `most` bytes.
        FileNotFoundError: there is nothing.
    """
    *folders, name = _parts(relpath)
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = _opened(folder, _FOLDER, at=at, relpath=relpath)
            os.close(at)
            at = below
        return _read(_opened(name, _FILE, at=at, relpath=relpath), relpath, most)
    finally:
        os.close(at)


def inside(root: Path, relpath: str) -> Path:
    """Where `relpath` is below `root`; its file need not be there, and no folder on the way may be a link.

    Raises:
        UnsafePath: it leads out, or a link or a file stands where a folder should.
    """
    path = root
    for part in _parts(relpath):
        if path != root and not _is_folder_or_nothing(path):
            raise UnsafePath(relpath, "runs through a symbolic link or a file")
        path /= part
    if path.is_symlink():
        raise UnsafePath(relpath, "is a symbolic link")
    return path


def _is_folder_or_nothing(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def _parts(relpath: str) -> list[str]:
    parts = relpath.split("/")
    if "\0" in relpath or any(part in {"", ".", ".."} for part in parts):
        raise UnsafePath(relpath, "is not a path inside the folder")
    return parts


def _opened(name: str, flags: int, *, at: int, relpath: str) -> int:
    try:
        return os.open(name, flags, dir_fd=at)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.ENXIO}:
            raise UnsafePath(relpath, "runs through a symbolic link, or is no file") from error
        raise


def _read(descriptor: int, relpath: str, most: int) -> bytes:
    try:
        _check(os.fstat(descriptor), relpath, most)
    except UnsafePath:
        os.close(descriptor)
        raise
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _check(found: os.stat_result, relpath: str, most: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnsafePath(relpath, "is no file")
    if found.st_size > most:
        raise UnsafePath(relpath, f"is larger than {most // 1024 // 1024} MB")
