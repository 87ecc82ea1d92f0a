"""What the program needs from outside, as narrow interfaces.

Each port has an embedded adapter and, where one is configured, a real server behind the same
interface; both pass the same contract test in `tests/adapters`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Cache(Protocol):
    """Short-lived bytes that may vanish at any time. Never the only copy of anything."""

    async def get(self, key: str) -> bytes | None: ...

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        """Keeps a value for `ttl` seconds at most."""
        ...

    async def add(self, key: str, amount: int = 1, *, ttl: float) -> int:
        """Adds to a counter and returns its new value; the first addition starts its `ttl` seconds."""
        ...

    async def delete(self, key: str) -> None:
        """Forgets a key; one that is not there is fine."""
        ...

    async def check(self) -> None:
        """Raises when the cache does not answer."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a storage knows about one object."""

    key: str
    size: int
    etag: str
    modified_at: datetime


class Storage(Protocol):
    """Objects by key (`a/b/c.png`): whole or not at all."""

    async def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> None: ...

    async def get(self, key: str) -> bytes:
        """The object's bytes.

        Raises:
            KeyError: there is no such object.
        """
        ...

    async def find(self, key: str) -> StoredObject | None: ...

    def list(self, prefix: str = "") -> AsyncIterator[StoredObject]: ...

    async def delete(self, key: str) -> None:
        """Removes an object; one that is not there is fine."""
        ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person, as text and optionally as HTML."""

    to: str
    subject: str
    text: str
    html: str | None = None


class Mailer(Protocol):
    """Hands mail over to be delivered."""

    async def send(self, mail: Mail) -> None: ...

    async def check(self) -> None: ...

    async def close(self) -> None: ...


class Notifier(Protocol):
    """Tells the runner, in whatever process it lives, that a committed job waits."""

    def notify(self) -> None: ...
