"""Signing in with a name and a password."""

from uuid import UUID

import structlog

from pressroom.features.accounts.errors import InvalidCredentials
from pressroom.features.accounts.models import User
from pressroom.features.accounts.names import fold
from pressroom.features.accounts.passwords import check_password
from pressroom.features.accounts.repository import RefreshTokens, Users
from pressroom.features.accounts.service.sessions import Device, Tokens, open_session
from pressroom.features.accounts.throttle import Throttle
from pressroom.kernel.http.clients import rate_key
from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork

log = structlog.get_logger(__name__)


class SignIn:
    """Neither the answer nor its timing tells whether an account exists."""

    def __init__(self, services: Services, unit: UnitOfWork) -> None:
        self._services = services
        self._unit = unit
        self._throttle = Throttle(services)

    async def with_password(self, login: str, password: str, *, device: Device) -> Tokens:
        """Begins a session for whoever has this username or address and this password.

        An old-fashioned hash is replaced by a new one on the way. The password is checked before the unit
        holds the database. A kill before the commit changes nothing.

        Raises:
            InvalidCredentials: no such account, a wrong password, or an account that is not active.
            TooManyAttempts: see `Throttle`.
        """
        key = fold(login)
        found = await self._find(key)
        async with self._throttle.attempt(key, device.ip, is_known=lambda: self._knows(found, device.ip)):
            checked = await check_password(password, found.hashed_password if found else None)
        if found is None or not checked.is_right:
            log.info("accounts.sign_in_failed", client=device.ip)
            raise InvalidCredentials
        user = await self._confirmed(found)
        await self._throttle.succeeded(key, device.ip)
        user.hashed_password = checked.better_hash or user.hashed_password
        user.last_sign_in_at = self._services.clock.now()
        return await open_session(self._services, self._unit, user=user, device=device)

    async def _find(self, key: str) -> User | None:
        async with self._services.reading() as session:
            user = await Users(session).find_by_login(key)
        return user if user is not None and user.is_active else None

    async def _confirmed(self, found: User) -> User:
        """The row as it is now: hashing took a while, and the password may have been changed meanwhile."""
        user = await Users(self._unit.session).get(found.id, lock=True)
        if not user.is_active or user.security_version != found.security_version:
            raise InvalidCredentials
        return user

    async def _knows(self, user: User | None, ip: str) -> bool:
        if user is None:
            return False
        async with self._services.reading() as session:
            known = await RefreshTokens(session).addresses(user.id)
        return rate_key(ip) in map(rate_key, known)


async def check_own_password(services: Services, user_id: UUID, password: str, *, ip: str) -> User | None:
    """The person, as they were when this was their password; `None` if it is not.

    Throttled as a sign-in is, so that a stolen token finds none out.

    Raises:
        TooManyAttempts: see `Throttle`.
    """

    async def never() -> bool:
        return False

    async with services.reading() as session:
        user = await Users(session).get(user_id)
    throttle = Throttle(services)
    async with throttle.attempt(f"own {user.id}", ip, is_known=never):
        checked = await check_password(password, user.hashed_password)
    if not checked.is_right:
        return None
    await throttle.succeeded(f"own {user.id}", ip)
    return user
