"""How many requests one address may make: a leaky bucket per key, in this process's memory.

The generic cell rate algorithm: one number per key, the moment until which its allowance is used up.
"""


class RateLimiter:
    """Allows `rate` requests a second on average and `burst` at once."""

    def __init__(self, *, rate: float, burst: int, keys: int = 50_000) -> None:
        self._interval = 1.0 / rate
        self._tolerance = burst * self._interval
        self._keys = keys
        self._used_until: dict[str, float] = {}

    def wait(self, key: str, now: float) -> float:
        """Counts one request at `now` (seconds, monotonic). Returns 0, or how many seconds to wait."""
        used_until = self._used_until.get(key, 0.0)
        start = max(used_until, now)
        if start + self._interval - now > self._tolerance:
            return start + self._interval - now - self._tolerance
        if len(self._used_until) >= self._keys:
            self._forget_idle(now)
        self._used_until[key] = start + self._interval
        return 0.0

    def _forget_idle(self, now: float) -> None:
        self._used_until = {key: until for key, until in self._used_until.items() if until > now}
        if len(self._used_until) >= self._keys:
            self._used_until.clear()
