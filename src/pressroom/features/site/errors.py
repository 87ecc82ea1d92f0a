"""How work on the site fails, besides what happens on disk (`releases/errors.py`)."""

from pressroom.kernel.errors import AppError


class BuildRefused(AppError):
    status = 422
    code = "site.build_failed"
    title = "The build failed; the live site is as it was"


class BuildNotFound(AppError):
    status = 404
    code = "site.build_not_found"
    title = "There is no such build"
