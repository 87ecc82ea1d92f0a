"""One command of the site, run beside the server: low priority, within limits, and gone when told to go."""

import asyncio
import os
import signal
import sys
from asyncio import ReadTransport, StreamReader, StreamReaderProtocol
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pressroom.features.site.external.log import Log
from pressroom.features.site.external.memory import memory_of_session

LOOK_SECONDS = 0.25
GRACE_SECONDS = 3.0
DRAIN_SECONDS = 1.0

_KEEPER = Path(__file__).with_name("keeper.py")


class Ending(StrEnum):
    """How a command ended."""

    succeeded = "succeeded"
    failed = "failed"
    stopped = "stopped"
    timed_out = "timed_out"
    out_of_memory = "out_of_memory"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a command may use: seconds of wall clock, and bytes of memory for all its processes together."""

    seconds: float = 900
    memory: int = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Run:
    """A command that has ended.

    Attributes:
        code: its exit code; 128 + n when signal n ended it.
        seconds: how long it ran.
        memory: the most that its processes held at once, in bytes; 0 where the system does not tell.
    """

    ending: Ending
    code: int
    seconds: float
    memory: int


async def run(
    argv: Sequence[str],
    folder: Path,
    *,
    environment: Mapping[str, str],
    limits: Limits,
    log: Log,
    stopped: Callable[[], bool],
) -> Run:
    """Runs `argv` in `folder` and nothing of it is left afterwards, whichever way this is left.

    Its output goes to `log`. `stopped` is asked four times a second; when it says yes, or a limit is passed, the
    whole group is asked to end and three seconds later made to.
    """
    async with _started(argv, folder, environment) as (process, output):
        following = asyncio.create_task(log.follow(output))
        watch = _Watch(process, limits, stopped)
        try:
            ending = await watch.until_it_ends(log)
            # One that left the group may hold the pipe open for ever; what the build had to say is said by now.
            await asyncio.wait({following}, timeout=DRAIN_SECONDS)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    await log.tell()
    return Run(ending, process.returncode or 0, watch.seconds, watch.memory)


@asynccontextmanager
async def _started(
    argv: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[tuple[Process, StreamReader]]:
    """The keeper with `argv`, and what its group prints; at the end the group is killed and our pipes are closed.

    The pipes are made here rather than by asyncio, which keeps its own open for as long as anybody else does.
    """
    with ExitStack() as ours:
        with ExitStack() as theirs:
            lifeline, held = os.pipe()
            theirs.callback(os.close, lifeline)
            ours.callback(os.close, held)
            reading, writing = os.pipe()
            theirs.callback(os.close, writing)
            output, transport = await _stream(reading)
            ours.callback(transport.close)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-I", "-S", str(_KEEPER), *argv),
                cwd=folder,
                env=dict(environment),
                stdin=lifeline,
                stdout=writing,
                stderr=STDOUT,
                start_new_session=True,
            )
        try:
            yield process, output
        finally:
            _kill(process, signal.SIGKILL)
            await process.wait()


async def _stream(descriptor: int) -> tuple[StreamReader, ReadTransport]:
    stream = StreamReader()
    file = os.fdopen(descriptor, "rb", buffering=0)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: StreamReaderProtocol(stream), file)
    return stream, transport


class _Watch:
    """Looks at a running group every quarter of a second."""

    def __init__(self, process: Process, limits: Limits, stopped: Callable[[], bool]) -> None:
        self._process = process
        self._limits = limits
        self._stopped = stopped
        self._clock = asyncio.get_running_loop().time
        self._started = self._clock()
        self.memory = 0

    @property
    def seconds(self) -> float:
        return self._clock() - self._started

    async def until_it_ends(self, log: Log) -> Ending:
        while not await self._ended(LOOK_SECONDS):
            await log.tell()
            if broken := self._broken():
                await self._end()
                return broken
        return Ending.failed if self._process.returncode else Ending.succeeded

    def _broken(self) -> Ending | None:
        self.memory = max(self.memory, held := memory_of_session(self._process.pid))
        if self._stopped():
            return Ending.stopped
        if self.seconds > self._limits.seconds:
            return Ending.timed_out
        return Ending.out_of_memory if held > self._limits.memory else None

    async def _ended(self, patience: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), patience)
        return self._process.returncode is not None

    async def _end(self) -> None:
        """Asks first: a tool that is killed while it writes its cache may trip over it the next time."""
        _kill(self._process, signal.SIGTERM)
        await self._ended(GRACE_SECONDS)


def _kill(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
