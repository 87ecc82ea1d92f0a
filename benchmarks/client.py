"""A small load generator for machines without `wrk`: `python -m benchmarks.client PORT CONNECTIONS SECONDS PATH…`.

It runs in a process of its own, reads just as much HTTP as it needs (status and length), and prints what it saw
as JSON.
"""

import asyncio
import contextlib
import itertools
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Tally:
    """What all connections together saw."""

    requests: int = 0
    failed: int = 0
    bytes: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Connection(asyncio.Protocol):
    """Sends the next request as soon as the last answer is whole."""

    requests: "Iterator[bytes]"
    tally: Tally
    transport: asyncio.Transport | None = None
    buffer: bytearray = field(default_factory=bytearray)
    wanted: int = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own class is no subclass
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.wanted < 0:
            self.wanted = self._length_of_answer()
        if 0 <= self.wanted <= len(self.buffer):
            self._finish()

    def _length_of_answer(self) -> int:
        """Bytes of the whole answer, or -1 while its headers are incomplete."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return -1
        head = bytes(self.buffer[:end]).lower()
        self.tally.failed += not head.startswith(b"http/1.1 200")
        _, _, rest = head.partition(b"\r\ncontent-length:")
        return end + 4 + int(rest.split(b"\r\n", 1)[0] or 0)

    def _finish(self) -> None:
        self.tally.requests += 1
        self.tally.bytes += len(self.buffer)
        self.tally.failed += len(self.buffer) != self.wanted
        self.buffer.clear()
        self.wanted = -1
        if self.transport is not None:
            self.transport.write(next(self.requests))

    def connection_lost(self, exc: Exception | None) -> None:
        self.tally.failed += exc is not None


async def load(port: int, connections: int, *, seconds: float, paths: list[str]) -> Tally:
    """Keeps all connections busy for so long."""
    tally = Tally()
    prepared = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() for path in paths]
    requests = itertools.cycle(prepared)
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    opened = [
        await loop.create_connection(lambda: Connection(requests, tally), "127.0.0.1", port) for _ in range(connections)
    ]
    await asyncio.sleep(seconds)
    tally.seconds = time.perf_counter() - started
    seen = Tally(tally.requests, tally.failed, tally.bytes, tally.seconds)
    for transport, _ in opened:
        transport.abort()
    return seen


def main() -> None:
    port, connections, seconds, *paths = sys.argv[1:]
    with contextlib.suppress(ImportError):
        import uvloop  # noqa: PLC0415 - faster where it is there

        uvloop.install()
    tally = asyncio.run(load(int(port), int(connections), seconds=float(seconds), paths=paths))
    print(json.dumps(asdict(tally)))


if __name__ == "__main__":
    main()
