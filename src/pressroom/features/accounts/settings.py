"""How people come in, and how long they stay."""

from typing import ClassVar, Literal

from pydantic import SecretStr

from pressroom.kernel.settings import Section, setting


class AccountsSettings(Section):
    """Registration, passwords, sessions and throttling."""

    name: ClassVar[str] = "accounts"
    registration: Literal["open", "invite", "closed"] = setting(
        "closed", "Who may register: `open` everybody, `invite` who was invited, `closed` nobody"
    )
    password_min_length: int = setting(10, "The shortest password that is accepted, in characters", ge=8, le=128)
    access_minutes: int = setting(15, "How long an access token is good, in minutes", ge=1, le=1440)
    refresh_days: int = setting(30, "A session that is not used for so many days ends", ge=1, le=365)
    session_days: int = setting(90, "A session ends after so many days, however much it is used", ge=1, le=3650)
    invite_days: int = setting(7, "How long an invitation can be accepted, in days", ge=1, le=90)
    link_minutes: int = setting(60, "How long links for a new password or address are good, in minutes", ge=5, le=1440)
    setup_hours: int = setting(24, "How long the link of the first start is good, in hours", ge=1, le=720)
    attempts_per_pair: int = setting(
        5, "Wrong passwords for one account from one address, in each quarter of an hour", ge=1, le=1000
    )
    attempts_per_address: int = setting(
        20, "Wrong passwords from one address for any account, in each quarter of an hour", ge=1, le=10_000
    )
    attempts_per_account: int = setting(
        50, "Wrong passwords for one account from anywhere before strangers are slowed down", ge=1, le=100_000
    )
    jwt_secret: SecretStr = setting(
        SecretStr(""),
        "Signs access tokens; empty: one is made at the first start. At least 32 random bytes",
        env=("JWT_SECRET", "JWT_SECRET_KEY"),
    )
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = setting(
        "HS256", "How access tokens are signed", env=("JWT_ALGORITHM",)
    )
