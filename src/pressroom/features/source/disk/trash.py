"""Deleting with a way back."""

import errno
import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from pressroom.features.source.disk.names import LONGEST_NAME
from pressroom.features.source.disk.writing import sync_folder, write_atomically


def move_to_trash(path: Path, trash: Path, *, now: datetime) -> Path:
    """Move a file into the folder `trash`, which must be outside the content; returns where it is now.

    It is never in neither place: on one disk it is renamed; across disks the copy is whole and lasting before the
    original goes, so that a death in between leaves both.
    """
    trash.mkdir(parents=True, exist_ok=True)
    target = trash / _dated(path.name, now)
    try:
        os.rename(path, target)  # noqa: PTH104 - tests count the calls into `os`
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        write_atomically(target, path.read_bytes(), new=True)
        shutil.copystat(path, target)
        os.unlink(path)  # noqa: PTH108 - as above
    sync_folder(trash)
    sync_folder(path.parent)
    return target


def _dated(name: str, now: datetime) -> str:
    """The moment, a few letters that make it the only one, and as much of the name as there is room for."""
    start = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}-"
    kept = name.encode()[-(LONGEST_NAME - len(start)) :].decode(errors="ignore")
    return start + kept
