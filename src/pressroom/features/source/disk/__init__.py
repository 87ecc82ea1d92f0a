"""What the source folder asks of the disk: whole files, safe names, and a way back from every delete."""

from pressroom.features.source.disk.errors import AlreadyThere, DiskFull, UnsafeName, UnsafePath
from pressroom.features.source.disk.names import check_name, fold, safe_name
from pressroom.features.source.disk.reading import digest, inside, read_inside
from pressroom.features.source.disk.trash import move_to_trash
from pressroom.features.source.disk.writing import is_temporary, sweep, temporary_name, write_atomically

__all__ = [
    "AlreadyThere",
    "DiskFull",
    "UnsafeName",
    "UnsafePath",
    "check_name",
    "digest",
    "fold",
    "inside",
    "is_temporary",
    "move_to_trash",
    "read_inside",
    "safe_name",
    "sweep",
    "temporary_name",
    "write_atomically",
]
