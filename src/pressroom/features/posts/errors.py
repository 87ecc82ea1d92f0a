"""What can go wrong with posts."""

from pressroom.kernel.errors import AppError


class PostNotFound(AppError):
    status = 404
    code = "posts.not_found"
    title = "There is no such post"


class VersionNotFound(AppError):
    status = 404
    code = "posts.version_not_found"
    title = "This post has no such version"


class DraftNotFound(AppError):
    status = 404
    code = "posts.draft_not_found"
    title = "You have no autosaved draft of this post"


class SlugTaken(AppError):
    status = 409
    code = "posts.slug_taken"
    title = "This address is already used"


class PostInTrash(AppError):
    status = 409
    code = "posts.in_trash"
    title = "This post is in the trash; restore it first"


class NotInTrash(AppError):
    status = 409
    code = "posts.not_in_trash"
    title = "This post is not in the trash"


class PostChanged(AppError):
    """`details` holds both sides: `yours` as it was sent, and `current` as it is kept."""

    status = 412
    code = "posts.changed"
    title = "The post has changed since you read it; nothing was overwritten"


class DraftChanged(AppError):
    """`details` holds both sides: `yours` as it was sent, and `current` as it is kept."""

    status = 412
    code = "posts.draft_changed"
    title = "The autosaved draft has changed since you read it; nothing was overwritten"


class CategoryIncomplete(AppError):
    status = 422
    code = "posts.category_incomplete"
    title = "A second-level category needs a first-level one"


class MomentPassed(AppError):
    status = 422
    code = "posts.moment_passed"
    title = "This moment has passed; publish instead, or choose a later one"


class TextRefused(AppError):
    status = 422
    code = "posts.text_refused"
    title = "This text cannot be rendered"


class SearchTooLong(AppError):
    status = 422
    code = "posts.search_too_long"
    title = "This search has too many words"


class PreviewNotFound(AppError):
    status = 404
    code = "posts.preview_not_found"
    title = "This preview link leads nowhere"


class PreviewExpired(AppError):
    status = 410
    code = "posts.preview_expired"
    title = "This preview link has expired; ask for a new one"
