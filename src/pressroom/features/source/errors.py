"""What can go wrong with an attached folder; after each of them every file there is as it was."""

from pressroom.kernel.errors import AppError


class NothingAttached(AppError):
    status = 409
    code = "source.nothing_attached"
    title = "No folder is attached"


class AnotherAttached(AppError):
    status = 409
    code = "source.another_attached"
    title = "Another folder is attached; detach it first"


class FolderEmpty(AppError):
    """Every file is gone at once: a disk that is not mounted is more likely than somebody who deleted everything."""

    status = 409
    code = "source.folder_empty"
    title = "Every post is gone from the folder; nothing was changed here"


class FolderUnreadable(AppError):
    """A part of the folder that cannot be listed must not be taken for one whose files were deleted."""

    status = 409
    code = "source.folder_unreadable"
    title = "The folder cannot be read; nothing was changed here"


class CodeForAdmins(AppError):
    status = 403
    code = "source.code_for_admins"
    title = "An .mdx file is code: only administrators and owners change it"
