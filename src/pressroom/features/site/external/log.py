"""What a build prints: live for whoever watches, and kept within bounds."""

import asyncio
import re
from asyncio import StreamReader
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

HEAD = 500
TAIL = 1_500
LONGEST_LINE = 2_000
AT_ONCE = 200

Listener = Callable[[Sequence[str]], Awaitable[None]]

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CHUNK = 65_536
_BREATH = 0.05


class Log:
    """The lines of one build, as plain text: no colours, no control characters, none longer than 2,000 characters.

    The first 500 and the last 1,500 lines are kept. `listener` hears new lines a batch at a time, at most 200 of them;
    what a flood skips is counted.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self._listener = listener
        self._head: list[str] = []
        self._tail: deque[str] = deque(maxlen=TAIL)
        self._fresh: deque[str] = deque(maxlen=AT_ONCE)
        self._heard = 0
        self._count = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What was kept, with a line that says how many were left out."""
        missing = self._count - len(self._head) - len(self._tail)
        gap = (_left_out(missing),) if missing else ()
        return (*self._head, *gap, *self._tail)

    def add(self, text: str) -> None:
        line = _CONTROL.sub("", _ESCAPE.sub("", text)).rstrip()[:LONGEST_LINE]
        if not line and self._count == 0:
            return
        self._count += 1
        kept: list[str] | deque[str] = self._head if len(self._head) < HEAD else self._tail
        kept.append(line)
        self._fresh.append(line)

    async def follow(self, stream: StreamReader) -> None:
        """Adds what the stream brings until it ends. A line without an end is cut, not waited for."""
        pending = b""
        while chunk := await stream.read(_CHUNK):
            *lines, pending = (pending + chunk).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
            self._add_all(lines)
            if len(pending) > _CHUNK:
                self.add(pending.decode(errors="replace"))
                pending = b""
            if len(chunk) == _CHUNK:
                await asyncio.sleep(_BREATH)  # a tool that floods waits for us, not readers for it
        if pending:
            self.add(pending.decode(errors="replace"))

    def _add_all(self, lines: Sequence[bytes]) -> None:
        """Adds many lines at the price of those that will be kept."""
        first = max(HEAD - len(self._head), 0)
        skipped = max(len(lines) - first - TAIL, 0)
        for line in (*lines[:first], *lines[first + skipped :]):
            self.add(line.decode(errors="replace"))
        self._count += skipped

    async def tell(self) -> None:
        """Hands the listener what came since the last time."""
        if not self._fresh or self._listener is None:
            return
        lines = list(self._fresh)
        missing = self._count - self._heard - len(lines)
        self._fresh.clear()
        self._heard = self._count
        await self._listener([_left_out(missing), *lines] if missing else lines)


def _left_out(count: int) -> str:
    return f"… {count} lines left out …"
