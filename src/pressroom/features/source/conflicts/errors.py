"""What can go wrong with conflicts; after each of them both texts are where they were."""

from uuid import UUID

from pressroom.kernel.errors import AppError

ADDRESS = "/api/v1/admin/site/conflicts"


class InConflict(AppError):
    """Nothing is saved over a conflict, and nothing typed is lost: autosaved drafts go on working."""

    status = 409
    code = "source.in_conflict"
    title = "This post is in conflict with its file; resolve that first"

    def __init__(self, conflict_id: UUID) -> None:
        told = "This post was changed here and on disk. Your text was not saved; resolve the conflict, then save again."
        super().__init__(told, details={"conflict": str(conflict_id), "address": f"{ADDRESS}/{conflict_id}"})


class ConflictNotFound(AppError):
    status = 404
    code = "source.conflict_not_found"
    title = "There is no such conflict"


class ConflictOver(AppError):
    """`details` says how it ended and when."""

    status = 409
    code = "source.conflict_over"
    title = "This conflict is over already; nothing was changed"


class ConflictChanged(AppError):
    """`details.current` holds the conflict's version, and the file's text as far as it is known."""

    status = 412
    code = "source.conflict_changed"
    title = "The conflict has changed since you read it; nothing was overwritten"


class NotAPost(AppError):
    status = 422
    code = "source.not_a_post"
    title = "This text cannot be a post; nothing was changed"
