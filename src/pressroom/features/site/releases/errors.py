"""The named ways in which work on releases fails. The live release is untouched by each of them."""

from pressroom.kernel.errors import AppError, NoRoom


class ReleaseFailure(AppError):
    """Work on a release could not be done; readers see what they saw before."""


class StoreBusy(ReleaseFailure):
    """Another process, or another thread, is at work on the same releases."""

    status = 503
    code = "site.store_busy"
    title = "Another build or rollback is at work on this site; nothing was changed, try again"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})


class ReleaseNotFound(ReleaseFailure):
    """No whole release has this id."""

    status = 404
    code = "site.release_not_found"
    title = "There is no such release"


class ReleaseExists(ReleaseFailure):
    """Releases are never overwritten."""

    status = 409
    code = "site.release_exists"
    title = "A release with this id exists already"


class IncompleteRelease(ReleaseFailure):
    """The release lacks what every site has, so it was thrown away."""

    status = 422
    code = "site.release_incomplete"
    title = "The build made no index.html, so it was not kept; the live site is as it was"


class UnsafePath(ReleaseFailure):
    """A path leads out of its release, runs through a symlink, or cannot be a file name."""

    status = 422
    code = "site.unsafe_path"
    title = "The build wanted to write where no release may; the live site is as it was"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path!r} {reason}")


class DiskFull(ReleaseFailure, NoRoom):
    """The disk, or the quota, has no room left."""

    code = "site.disk_full"
    title = "The disk is full; the live site is as it was. Make room, then build again"


class CannotGoLive(ReleaseFailure):
    """What stands at `current` cannot be replaced in one step."""

    status = 409
    code = "site.cannot_go_live"
    title = (
        "The site's `current` is a folder, and this file system cannot exchange it for a link in one step; "
        "nothing was changed. Move that folder away, then activate the release again"
    )
