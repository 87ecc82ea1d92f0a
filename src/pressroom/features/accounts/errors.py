"""How things with people can fail."""

from typing import Any

from pressroom.kernel.errors import AppError, TooManyRequests


class InvalidCredentials(AppError):
    status = 401
    code = "accounts.invalid_credentials"
    title = "The name or the password is wrong"

    def __init__(self, detail: str | None = None, **kwargs: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **kwargs)


class SessionEnded(AppError):
    status = 401
    code = "accounts.session_ended"
    title = "This session has ended; sign in again"

    def __init__(self, detail: str | None = None, **kwargs: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **kwargs)


class TooManyAttempts(TooManyRequests):
    code = "accounts.too_many_attempts"
    title = "Too many attempts; wait before the next one"


class WrongPassword(AppError):
    status = 403
    code = "accounts.wrong_password"
    title = "Your current password is not this one"


class RegistrationClosed(AppError):
    status = 403
    code = "accounts.registration_closed"
    title = "Nobody can register by themselves here"


class UserNotFound(AppError):
    status = 404
    code = "accounts.user_not_found"
    title = "There is no such person"


class UserChanged(AppError):
    status = 412
    code = "accounts.user_changed"
    title = "Somebody changed this person in between; nothing was overwritten"


class SessionNotFound(AppError):
    status = 404
    code = "accounts.session_not_found"
    title = "You have no such session"


class InviteNotFound(AppError):
    status = 404
    code = "accounts.invite_not_found"
    title = "There is no such invitation"


class UsernameTaken(AppError):
    status = 409
    code = "accounts.username_taken"
    title = "This username is already used"


class EmailTaken(AppError):
    status = 409
    code = "accounts.email_taken"
    title = "This address already belongs to someone"


class LastOwner(AppError):
    status = 409
    code = "accounts.last_owner"
    title = "A publication needs an owner; make someone else one first"


class LinkDead(AppError):
    status = 410
    code = "accounts.link_dead"
    title = "This link was used, has expired, or was never given out"


class OwnerExists(AppError):
    status = 410
    code = "accounts.owner_exists"
    title = "The owner was created already"


class PasswordRefused(AppError):
    status = 422
    code = "accounts.password_refused"
    title = "This password cannot be used"
