"""Why something was not done in the source folder; after each of them every file there is as it was."""

from pressroom.kernel.errors import AppError, NoRoom


class UnsafeName(AppError):
    """A file name that some system cannot hold, or that another file has in other letters."""

    status = 422
    code = "source.unsafe_name"
    title = "This file name cannot be used; choose another one"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name!r} {reason}.", details={"name": name})


class UnsafePath(AppError):
    """A path that leads out of the source folder, through a symbolic link, or to something that is no file."""

    status = 422
    code = "source.unsafe_path"
    title = "This path is not a file inside the source folder; nothing was changed"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path!r} {reason}.", details={"path": path})


class AlreadyThere(AppError):
    """A new file was to be written where one stands already."""

    status = 409
    code = "source.already_there"
    title = "A file with this name is there already; it was left as it is"


class DiskFull(NoRoom):
    """The disk, or the quota, has no room left."""

    code = "source.disk_full"
    title = "The disk is full; the file is as it was. Make room, then save again"
