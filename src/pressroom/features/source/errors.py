"""What can go wrong with an attached folder; after each of them every file there is as it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from pressroom.features.posts.manuscripts import Missing
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


class NotWritten(AppError):
    status = 503
    code = "source.not_written"
    title = "The file of a post could not be written; its words are kept, and it is tried again"


class CodeForAdmins(AppError):
    status = 403
    code = "source.code_for_admins"
    title = "An .mdx file is code: only administrators and owners change it"


class FrontMatterRefused(AppError):
    """`details` holds what is wrong, field by field as for an invalid request, and `yours`, the text as it was sent."""

    status = 422
    code = "source.front_matter_refused"
    title = "The site's own build would refuse this post; nothing was changed"

    def __init__(self, problems: Sequence[Missing], yours: Mapping[str, Any], *, guessed: bool = False) -> None:
        told = " ".join(f"{each.field}: {each.message}" for each in problems[:3])
        more = f" And {len(problems) - 3} more." if len(problems) > 3 else ""  # noqa: PLR2004  # enough to begin with
        guess = " This is what the other posts have; run `astro sync`, and the schema is asked." if guessed else ""
        safe = "Readers see what they saw, and your text is in this answer. Mend this, or save it as a draft."
        fields = [
            {"in": "body", "pointer": each.field, "message": each.message, "type": "front_matter"} for each in problems
        ]
        super().__init__(f"{told}{more}{guess} {safe}", details={"fields": fields, "yours": {"post": dict(yours)}})
