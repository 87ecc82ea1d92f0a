"""Slowing down whoever tries passwords, without shutting out whoever owns the account.

Attempts are counted in quarters of an hour: for each pair of account and address, for each address, and
for each account. The first two refuse. The last only slows strangers down to one attempt in five
seconds; an address from which the person has signed in before passes. So nobody can lock another out.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from pressroom.features.accounts.errors import TooManyAttempts
from pressroom.features.accounts.settings import AccountsSettings
from pressroom.kernel.http.clients import rate_key
from pressroom.kernel.secrets import fingerprint
from pressroom.kernel.services import Services

WINDOW = 15 * 60
STRANGERS_WAIT = 5
HOUR = 3600
MAILS_AN_HOUR = 3
REQUESTS_AN_HOUR = 30


class Throttle:
    """Counts attempts in the cache: before the password is checked, and given back if it is right or never checked."""

    def __init__(self, services: Services) -> None:
        self._cache = services.cache
        self._now = services.clock.now
        self._settings = services.settings[AccountsSettings]

    @asynccontextmanager
    async def attempt(self, account: str, ip: str, *, is_known: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
        """Counts an attempt at this account (any text) from this address; the block checks the password.

        What comes to nothing, because it is not its turn or the block fails, is given back.

        Args:
            account: what was typed as a name, folded.
            ip: where from.
            is_known: whether this address signed in to this account before; asked only under attack.

        Raises:
            TooManyAttempts: with the seconds to wait.
        """
        is_under_attack = await self._count(account, ip)
        try:
            if is_under_attack and not await is_known():
                await self._take_turns(account)
            yield
        except Exception:
            await self._give_back(account, ip)
            raise

    async def succeeded(self, account: str, ip: str) -> None:
        """Gives back what the right password was counted as, and forgets the wrong ones before it."""
        await self._give_back(account, ip)
        await self.forgive((account,), ip)

    async def forgive(self, accounts: Iterable[str], ip: str) -> None:
        """Forgets the wrong passwords for these accounts from this address: a new one was set by mail."""
        for account in accounts:
            (pair, _), _ = self._limits(account, ip)
            await self._cache.delete(pair)

    async def request(self, what: str, ip: str) -> None:
        """Counts something an anonymous address asks for that costs us work (registering, asking for mail).

        Raises:
            TooManyAttempts: more than 30 in an hour.
        """
        if await self._cache.add(f"accounts:{what}:{rate_key(ip)}", ttl=HOUR) > REQUESTS_AN_HOUR:
            raise TooManyAttempts(HOUR, "Too many requests from your address. Try again in an hour.")

    async def may_mail(self, email_key: str) -> bool:
        """Counts a mail that a stranger causes; more than three in an hour to one address are not sent."""
        return await self._cache.add(f"accounts:mail:{fingerprint(email_key)}", ttl=HOUR) <= MAILS_AN_HOUR

    async def _count(self, account: str, ip: str) -> bool:
        for key, limit in self._limits(account, ip):
            if await self._cache.add(key, ttl=WINDOW) > limit:
                raise TooManyAttempts(
                    self._left(),
                    "Too many wrong passwords from your address. Wait, or use the link for a new password.",
                )
        everywhere = await self._cache.add(self._key("account", account), ttl=WINDOW)
        return everywhere > self._settings.attempts_per_account

    async def _give_back(self, account: str, ip: str) -> None:
        (pair, _), (address, _) = self._limits(account, ip)
        for key in (pair, address, self._key("account", account)):
            await self._cache.add(key, -1, ttl=WINDOW)

    def _limits(self, account: str, ip: str) -> tuple[tuple[str, int], tuple[str, int]]:
        address = rate_key(ip)
        return (
            (self._key("pair", f"{account} {address}"), self._settings.attempts_per_pair),
            (self._key("address", address), self._settings.attempts_per_address),
        )

    async def _take_turns(self, account: str) -> None:
        if await self._cache.add(f"accounts:turn:{fingerprint(account)}", ttl=STRANGERS_WAIT) > 1:
            raise TooManyAttempts(
                STRANGERS_WAIT, "Many wrong passwords were tried for this account. Wait a few seconds."
            )

    def _key(self, kind: str, what: str) -> str:
        window = int(self._now().timestamp()) // WINDOW
        return f"accounts:attempts:{kind}:{window}:{fingerprint(what)}"

    def _left(self) -> int:
        return WINDOW - int(self._now().timestamp()) % WINDOW
