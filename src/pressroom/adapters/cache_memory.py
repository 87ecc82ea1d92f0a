"""The cache in this process's memory: bounded, forgotten at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import LRUCache

from pressroom.kernel.clock import Clock

OVERHEAD = 500  # about what a key, an entry and their places in the dictionaries take


@dataclass(slots=True)
class _Entry:
    value: bytes | int
    until: datetime

    @property
    def size(self) -> int:
        return OVERHEAD + (len(self.value) if isinstance(self.value, bytes) else 0)


class MemoryCache:
    """Keeps at most `budget` bytes; the least recently used go first, and a value too large is not kept."""

    def __init__(self, clock: Clock, *, budget: int = 16 * 1024 * 1024) -> None:
        self._now: Callable[[], datetime] = clock.now
        self._largest = budget // 4
        self._entries: LRUCache[str, _Entry] = LRUCache(budget, getsizeof=lambda entry: entry.size)

    async def get(self, key: str) -> bytes | None:
        entry = self._find(key)
        return entry.value if entry and isinstance(entry.value, bytes) else None

    async def set(self, key: str, value: bytes, *, ttl: float) -> None:
        entry = _Entry(value, self._now() + timedelta(seconds=ttl))
        if entry.size > self._largest:
            self._entries.pop(key, None)
        else:
            self._entries[key] = entry

    async def add(self, key: str, amount: int = 1, *, ttl: float) -> int:
        entry = self._find(key)
        if entry is None or not isinstance(entry.value, int):
            entry = self._entries[key] = _Entry(0, self._now() + timedelta(seconds=ttl))
        total = int(entry.value) + amount
        entry.value = total
        return total

    async def delete(self, key: str) -> None:
        self._entries.pop(key, None)

    async def check(self) -> None:
        """Memory always answers."""

    async def close(self) -> None:
        self._entries.clear()

    def _find(self, key: str) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is not None and entry.until <= self._now():
            del self._entries[key]
            return None
        return entry
