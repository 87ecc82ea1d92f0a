"""Running git: without questions, without our secrets, within a time limit, and gone when told to go."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.source.git.errors import GitBusy, GitMissing, GitTimedOut, GitUntrusted, NotInGit

LOCAL_SECONDS = 60.0
REMOTE_SECONDS = 300.0
LONGEST_WORDS = 2_000
_LOOK_SECONDS = 0.25
_GRACE_SECONDS = 0.5
# What git and ssh need to find their settings and keys; no GIT_DIR or GIT_INDEX_FILE of whoever started us.
_ALLOWED = re.compile(
    r"HOME|USER|LOGNAME|PATH|TMPDIR|XDG_\w+|SSH_AUTH_SOCK|GIT_SSH|GIT_SSH_COMMAND|GIT_CONFIG_GLOBAL|GIT_CONFIG_SYSTEM"
    r"|(?i:https?_proxy|no_proxy|all_proxy)|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CAINFO"
)
_ALWAYS = {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_EDITOR": "true"}
_QUIET = ("-c", "core.fsmonitor=false", "--literal-pathspecs")
_WITHOUT_CODE = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "push.gpgSign=false")
_PASSWORD = re.compile(r"(?<=://)[^/@\s]+@")
Interrupt = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Said:
    """What a git command answered."""

    code: int
    output: str
    complaint: str

    @property
    def words(self) -> str:
        """Git's own words, without passwords in addresses."""
        said = (self.complaint or self.output).strip()
        return _PASSWORD.sub("", said)[:LONGEST_WORDS] or f"Nothing was said; the exit code is {self.code}."


class Git:
    """The git commands of one working tree.

    Args:
        top: the working tree's folder.
        code: whether the repository's hooks and signing may run.
        interrupt: called four times a second; what it raises ends the command.
    """

    def __init__(self, top: Path, *, code: bool = False, interrupt: Interrupt = lambda: None) -> None:
        self._top = top
        self._flags = _QUIET if code else (*_QUIET, *_WITHOUT_CODE)
        self._interrupt = interrupt

    async def __call__(
        self, *words: str, seconds: float = LOCAL_SECONDS, also: Mapping[str, str] | None = None
    ) -> Said:
        """Runs one command.

        Raises:
            GitMissing: there is no git.
            GitUntrusted: the working tree is another user's.
            GitBusy: another git holds the lock.
            GitTimedOut: it took longer than `seconds`.
        """
        process = await self._start(words, also or {})
        answer = asyncio.create_task(process.communicate())
        try:
            await self._until_done(answer, words[0], seconds=seconds)
        finally:
            await _end(process)
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)
        output, complaint = (text.decode(errors="replace") for text in answer.result())
        return _checked(Said(process.returncode or 0, output, complaint), self._top)

    async def _start(self, words: tuple[str, ...], also: Mapping[str, str]) -> Process:
        ours = {name: value for name, value in os.environ.items() if _ALLOWED.fullmatch(name)}
        try:
            return await asyncio.create_subprocess_exec(
                "git",
                *self._flags,
                *words,
                cwd=self._top,
                env=ours | _ALWAYS | dict(also),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            if not self._top.is_dir():
                raise NotInGit(f"{self._top} is not there.") from error
            raise GitMissing from error

    async def _until_done(self, answer: "asyncio.Task[tuple[bytes, bytes]]", word: str, *, seconds: float) -> None:
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while not (await asyncio.wait({answer}, timeout=_LOOK_SECONDS))[0]:
            self._interrupt()
            if clock() > until:
                raise GitTimedOut(f"git {word} did not end within {seconds:.0f} seconds and was stopped.")


async def _end(process: Process) -> None:
    """Lets it end, then asks, then makes it: a git that is asked takes its locks away."""
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if process.returncode is not None:
            return
        if number is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE_SECONDS)


def _checked(said: Said, top: Path) -> Said:
    if said.code and "dubious ownership" in said.complaint:
        trust = f"git config --global --add safe.directory {top}"
        raise GitUntrusted(f"{top} belongs to another user. To trust it, run as the user of this program: {trust}")
    if said.code and "index.lock" in said.complaint:
        raise GitBusy(said.words)
    return said
