"""Access tokens: short-lived, signed, checked without a query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.clock import Clock
from pressroom.kernel.ids import new_id
from pressroom.kernel.secrets import Secrets
from pressroom.kernel.settings import Environment, Settings, SettingsError

log = structlog.get_logger(__name__)
DIGEST_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
FEWEST_DIFFERENT = 8
WELL_KNOWN = (
    "secret",
    "changeme",
    "change-me",
    "change_me",
    "your-",
    "example",
    "password",
    "09d25e094faa6ca2556c8181",
)
# PyJWT asks the machine's clock; ours is asked instead, below.
OPTIONS: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "require": ["sub", "exp", "sid", "ver"]}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says: who, in which session, under which security version."""

    user_id: UUID
    session_id: UUID
    version: int


class AccessTokens:
    """Issues and reads access tokens.

    The claims are `sub` (user id), `sid` (session id), `ver` (security version), `iat`, `exp` and `jti`.
    """

    def __init__(self, settings: AccountsSettings, secrets: Secrets, clock: Clock) -> None:
        own = settings.jwt_secret.get_secret_value().encode()
        self._key = own or secrets.key("jwt") + secrets.key("jwt second half")
        self._algorithm = settings.jwt_algorithm
        self._clock = clock
        self.lifetime = timedelta(minutes=settings.access_minutes)

    def issue(self, claims: Claims, *, expires_at: datetime | None = None) -> str:
        """A token with these claims, good for `access_minutes` or until `expires_at`."""
        now = self._clock.now()
        payload = {
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "ver": claims.version,
            "iat": int(now.timestamp()),
            "exp": int((expires_at or now + self.lifetime).timestamp()),
            "jti": new_id().hex,
        }
        import jwt  # noqa: PLC0415  # with all of urllib: at the first sign-in

        return jwt.encode(payload, self._key, algorithm=self._algorithm)

    def read(self, token: str) -> Claims | None:
        """The claims of a token that we signed and that has not expired; otherwise `None`."""
        import jwt  # noqa: PLC0415  # with all of urllib: at the first sign-in

        try:
            payload = jwt.decode(token, self._key, algorithms=[self._algorithm], options=OPTIONS)
            if float(payload["exp"]) <= self._clock.now().timestamp():
                return None
            return Claims(UUID(payload["sub"]), UUID(payload["sid"]), int(payload["ver"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            return None


def check_signing_secret(settings: Settings) -> None:
    """Looks at the secret that somebody set, if any.

    Raises:
        SettingsError: in production, when it is short or one that everybody knows.
    """
    section = settings[AccountsSettings]
    secret = section.jwt_secret.get_secret_value()
    if not secret or not (weakness := _weakness(secret, DIGEST_BYTES[section.jwt_algorithm])):
        return
    advice = "Remove it, and one is made for you; or set it to the output of `openssl rand -base64 64`."
    if settings.environment is Environment.production:
        raise SettingsError(f"JWT_SECRET {weakness}. {advice}")
    log.warning("accounts.weak_jwt_secret", weakness=weakness, advice=advice)


def _weakness(secret: str, digest_bytes: int) -> str | None:
    if any(known in secret.lower() for known in WELL_KNOWN):
        return "is one that everybody knows"
    if len(secret.encode()) < digest_bytes:
        return f"is shorter than {digest_bytes} bytes"
    if len(set(secret)) < FEWEST_DIFFERENT:
        return "repeats itself"
    return None
