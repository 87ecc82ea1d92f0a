"""What goes in and out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field

from pressroom.features.accounts.names import clean_avatar_url, clean_display_name, clean_email, clean_username
from pressroom.kernel.auth import Role
from pressroom.kernel.pagination import ListQuery
from pressroom.kernel.schema import Schema

NO_NUL = r"^[^\x00]*$"
Username = Annotated[
    str,
    Field(min_length=2, max_length=50, description="2 to 50 letters and digits of any script, `.`, `_`, `-`"),
    AfterValidator(clean_username),
]
Email = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(clean_email)]
DisplayName = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(clean_display_name)]
AvatarUrl = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(clean_avatar_url)]
Password = Annotated[str, Field(min_length=1, max_length=1024, pattern=NO_NUL)]
Login = Annotated[
    str, Field(min_length=1, max_length=254, pattern=NO_NUL, description="The username or the email address")
]
Token = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


class Body(Schema):
    """A JSON body of ours: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SignInBody(Body):
    """Who signs in."""

    username: Login
    password: Password


class RefreshBody(Body):
    refresh_token: Token


class RegisterBody(Body):
    """Somebody who wants an account. With an `invite` the address is the invited one; without, `email` is needed."""

    username: Username
    password: Password
    email: Email | None = None
    display_name: DisplayName | None = None
    invite: Token | None = None


class ForgotBody(Body):
    email: Email


class ResetBody(Body):
    """A new password, by the token of a mailed link."""

    token: Token
    password: Password


class ConfirmBody(Body):
    token: Token


class ProfileBody(Body):
    """What to change about oneself; what is left out stays. `email` and `password` need `current_password`."""

    display_name: DisplayName | None = None
    avatar_url: AvatarUrl | None = None
    email: Email | None = None
    password: Password | None = None
    current_password: Password | None = None


class InviteBody(Body):
    """Whom to invite, and as what."""

    email: Email
    role: Role = Role.member


class NewUserBody(Body):
    """Somebody to be made. Without a password they set one by the link for a forgotten one."""

    username: Username
    email: Email
    password: Password | None = None
    display_name: DisplayName | None = None
    role: Role = Role.member


class UserBody(Body):
    """What to change about somebody; what is left out stays."""

    username: Username | None = None
    email: Email | None = None
    display_name: DisplayName | None = None
    role: Role | None = None
    is_active: bool | None = None
    password: Password | None = None


class UsersQuery(ListQuery):
    """Which people, in which order."""

    q: Annotated[str | None, Field(max_length=100, pattern=NO_NUL, description="A part of username or address")] = None
    role: Role | None = None
    is_active: bool | None = None
    sort: Literal["created_at", "-created_at", "username", "-username", "last_sign_in_at", "-last_sign_in_at"] = (
        "created_at"
    )


class TokensOut(Schema):
    """What a sign-in gives out; `expires_in` is the access token's life in seconds."""

    model_config = ConfigDict(from_attributes=True)

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  # the name of a scheme, not a secret
    expires_in: int
    refresh_token: str


class UserOut(Schema):
    """Somebody, as they and those who run the publication see them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    username: str
    email: str | None
    email_verified_at: datetime | None
    display_name: str
    avatar_url: str | None
    role: Role
    is_active: bool
    last_sign_in_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class SessionOut(Schema):
    """One place where you are signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    user_agent: str
    ip: str
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


class InviteOut(Schema):
    """An invitation that can still be accepted."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    role: Role
    created_at: datetime
    expires_at: datetime


class NewInviteOut(InviteOut):
    """A new invitation; its `link` was mailed, and is told here once in case no mail arrives."""

    link: str


class RegisteredOut(Schema):
    """`created` (201): sign in. `check_your_mail` (202): open the link that was mailed, if the address was free."""

    state: Literal["created", "check_your_mail"]


class AcceptedOut(Schema):
    """It will be done, if there is something to be done; the answer is the same either way."""

    state: Literal["accepted"] = "accepted"
