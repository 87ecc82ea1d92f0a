"""Child processes that never outlive the run: each in a group of its own, killed at the end whatever happens."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.exchange import Answer, exchange

REPOSITORY = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server of ours or a reference, listening on this machine."""

    port: int
    process: "subprocess.Popen[bytes]"

    def connect(self) -> HTTPConnection:
        """A connection that is kept open."""
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str, **headers: str) -> Answer:
        """One request on a connection of its own."""
        return exchange(self.connect(), "GET", path, headers=headers)


@contextmanager
def listening(
    command: Sequence[str],
    *,
    port: int,
    log: Path,
    environ: Mapping[str, str] | None = None,
    cwd: Path = REPOSITORY,
    path: str = "/health",
) -> Iterator[Server]:
    """Runs a server until the block ends; it is entered once `path` is answered."""
    with log.open("ab") as lines:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
    server = Server(port, process)
    try:
        wait_for_answer(server, path, log=log)
        yield server
    finally:
        stop(process)


def wait_for_answer(server: Server, path: str, *, log: Path) -> None:
    """Returns with the first answer.

    Raises:
        RuntimeError: the server ended; with the last lines it wrote.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(
                f"The server ended with {server.process.returncode} while starting:\n{log.read_text()[-2000:]}"
            )
        with suppress(ConnectionError):
            server.get(path)
            return
        time.sleep(0.002)
    raise TimeoutError(f"The server does not answer:\n{log.read_text()[-2000:]}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Asks the server to stop, then kills it and whatever it started."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def reference(module: str, *arguments: str, log: Path, path: str = "/health") -> AbstractContextManager[Server]:
    """One of the references, running under the same server with the same options as ours."""
    port = free_port()
    command = [sys.executable, "-m", f"benchmarks.references.{module}", str(port), *arguments]
    return listening(command, port=port, log=log, path=path)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
