"""Sessions: beginning them, keeping them alive, looking at them, ending them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.features.accounts.errors import SessionEnded, SessionNotFound
from pressroom.features.accounts.models import RefreshToken, User
from pressroom.features.accounts.repository import RefreshTokens, Users
from pressroom.features.accounts.service.authentication import Caller, access_tokens
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.features.accounts.tokens import Claims
from pressroom.kernel.ids import new_id
from pressroom.kernel.secrets import fingerprint
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

log = structlog.get_logger(__name__)
GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Device:
    """Where somebody comes from, as far as the request tells."""

    ip: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in gives out. `expires_in` is in seconds and about the access token."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Session:
    """One place where somebody is signed in."""

    id: UUID
    user_agent: str
    ip: str
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool


async def open_session(services: Services, unit: UnitOfWork, *, user: User, device: Device) -> Tokens:
    """Begins a session of this person. A kill before the commit leaves no session, and no token was told."""
    claims = Claims(user.id, new_id(), user.security_version)
    return _give(services, unit, claims, device=device, started_at=services.clock.now())


async def open_fixed_session(
    services: Services, unit: UnitOfWork, *, user: User, device: Device, lifetime: timedelta
) -> str:
    """An access token for a script, good for `lifetime`; it is listed and ended like any other session."""
    claims = Claims(user.id, new_id(), user.security_version)
    expires_at = services.clock.now() + lifetime
    _store(services, unit, claims, device=device, started_at=services.clock.now(), expires_at=expires_at)
    return access_tokens(services).issue(claims, expires_at=expires_at)


async def list_sessions(session: AsyncSession, caller: Caller, *, now: datetime) -> list[Session]:
    """Where the caller is signed in, the most recently used first."""
    found: dict[UUID, Session] = {}
    for row in await RefreshTokens(session).live(caller.actor.id, now):
        if row.family not in found:  # two tabs that refreshed at once leave two tokens of one session
            found[row.family] = Session(
                id=row.family,
                user_agent=row.user_agent,
                ip=row.ip,
                started_at=row.started_at,
                last_used_at=row.created_at,
                expires_at=row.expires_at,
                is_current=row.family == caller.session_id,
            )
    return list(found.values())


class Sessions:
    """Keeping sessions alive and ending them."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._tokens = RefreshTokens(unit.session)

    async def refresh(self, refresh_token: str, *, device: Device) -> Tokens:
        """Exchanges a refresh token for new tokens of the same session.

        A token that was exchanged before means that two hold it: the session ends, whoever asks. Within ten
        seconds of the exchange it is taken for two tabs of one browser, and the second gets tokens too.
        Killed before the commit, the old token stays good; after it, the grace lets the client ask again.

        Raises:
            SessionEnded: unknown, expired, revoked or used before.
        """
        token = await self._tokens.find(fingerprint(refresh_token))
        now = self._services.clock.now()
        if token is None or token.revoked_at is not None or token.expires_at <= now:
            raise SessionEnded
        user = await Users(self._unit.session).get(token.user_id, lock=True)
        if not await self._tokens.rotate(token.id, now):
            await self._check_reuse(token, now)
        if not user.is_active or user.security_version != token.security_version:
            raise SessionEnded
        claims = Claims(user.id, token.family, token.security_version)
        return _give(self._services, self._unit, claims, device=device, started_at=token.started_at)

    async def end(self, user_id: UUID, session_id: UUID) -> None:
        """Ends one session of this person, its access tokens included.

        Raises:
            SessionNotFound: they have none with this id.
        """
        if not await self._tokens.revoke(user_id, self._services.clock.now(), only=session_id):
            raise SessionNotFound

    async def end_current(self, caller: Caller) -> None:
        """Ends the session of the request; in local mode there is none."""
        if caller.session_id is not None:
            await self._tokens.revoke(caller.actor.id, self._services.clock.now(), only=caller.session_id)

    async def end_others(self, caller: Caller) -> None:
        """Ends every session of the caller but the one of the request."""
        await self._tokens.revoke(caller.actor.id, self._services.clock.now(), but=caller.session_id)

    async def _check_reuse(self, seen: RefreshToken, now: datetime) -> None:
        token = await self._unit.session.get(RefreshToken, seen.id, populate_existing=True)
        if token is None or token.revoked_at is not None:
            raise SessionEnded
        if token.rotated_at is not None and now - token.rotated_at <= GRACE:
            return
        log.warning("accounts.refresh_reused", user=str(token.user_id), session=str(token.family))
        self._unit.after_rollback(lambda: _end_family(self._services, seen))
        raise SessionEnded("This session was ended, because its refresh token was used a second time. Sign in again.")


async def _end_family(services: Services, token: RefreshToken) -> None:
    """In a unit of its own, because the request's own one is rolled back by the 401."""
    async with services.unit() as unit:
        await RefreshTokens(unit.session).revoke(token.user_id, services.clock.now(), only=token.family)


def _give(services: Services, unit: UnitOfWork, claims: Claims, *, device: Device, started_at: datetime) -> Tokens:
    settings = services.settings[AccountsSettings]
    last = started_at + timedelta(days=settings.session_days)
    expires_at = min(last, services.clock.now() + timedelta(days=settings.refresh_days))
    secret = _store(services, unit, claims, device=device, started_at=started_at, expires_at=expires_at)
    signer = access_tokens(services)
    return Tokens(signer.issue(claims), secret, int(signer.lifetime.total_seconds()))


def _store(
    services: Services, unit: UnitOfWork, claims: Claims, *, device: Device, started_at: datetime, expires_at: datetime
) -> str:
    secret = secrets.token_urlsafe(32)
    unit.session.add(
        RefreshToken(
            id=new_id(),
            user_id=claims.user_id,
            family=claims.session_id,
            hash=fingerprint(secret),
            security_version=claims.version,
            user_agent=device.user_agent,
            ip=device.ip,
            started_at=started_at,
            created_at=services.clock.now(),
            expires_at=expires_at,
        )
    )
    return secret
