"""A build with the site's own command, from the install step to the files of a release."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pressroom.features.site.external.environment import build_environment
from pressroom.features.site.external.errors import ToolMissing
from pressroom.features.site.external.explaining import explain, install_failure, last_words
from pressroom.features.site.external.failure import Failure
from pressroom.features.site.external.installing import install_command, remember_installed, why_install
from pressroom.features.site.external.log import Listener, Log
from pressroom.features.site.external.output import gather
from pressroom.features.site.external.plan import Plan, plan_build
from pressroom.features.site.external.process import Ending, Limits, Run, run
from pressroom.features.site.releases.disk import discard
from pressroom.features.source.recognise import Generator, SourceSite

# These leave out a post that they cannot read, and exit with 0.
_SILENT = frozenset({Generator.jekyll, Generator.hexo})


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to run the site's commands.

    Attributes:
        limits: of each command.
        environment: variables from the settings, added to the few that the site's tools inherit.
        inherited: the server's own variables, of which a short list passes.
        installs: whether the site's packages are installed when they changed.
    """

    limits: Limits = field(default_factory=Limits)
    environment: Mapping[str, str] = field(default_factory=dict)
    inherited: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    installs: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A build that has ended.

    Attributes:
        ending: `succeeded` means that the pages are there; whether they may go live, `check_sane` says.
        failure: what broke it, in every other case but `stopped`.
        seconds: how long it took, the install step included.
        memory: the most bytes that its processes held at once.
        log: the lines that were kept.
    """

    ending: Ending
    failure: Failure | None
    seconds: float
    memory: int
    log: tuple[str, ...]


class SiteBuild:
    """Builds an attached site once: `run`, then `gather` into a release being staged, then `discard`.

    `scratch` is a path where nothing is yet, on the file system of the releases if possible. Nothing of this touches
    a release that exists. Two builds of one site must not run at once; the caller sees to that.
    """

    def __init__(self, site: SourceSite, *, scratch: Path, options: BuildOptions | None = None) -> None:
        """Raises `OutputIsLive` when the site's command would write into a live release."""
        self._site = site
        self._options = options or BuildOptions()
        self._plan: Plan = plan_build(site, scratch=scratch)

    @property
    def output(self) -> Path:
        """Where the pages will be."""
        return self._plan.output

    async def run(self, listener: Listener | None = None, *, stopped: Callable[[], bool] = lambda: False) -> Outcome:
        """Installs what changed, then builds. When this is left, however, no process of it is alive.

        `listener` hears the log live; an exception from it stops the build. `stopped` is asked four times a second.

        Raises:
            ToolMissing: the package manager or the generator is not installed where the server finds it.
        """
        log = Log(listener)
        self.discard()
        installed = await self._install(log, stopped)
        if installed and installed.ending is not Ending.succeeded:
            failure = install_failure(log.lines) if installed.ending is Ending.failed else self._failure(installed, ())
            return Outcome(installed.ending, failure, installed.seconds, installed.memory, log.lines)
        built = await self._command(self._plan.argv, self._site.root, log, stopped)
        if self._site.packages and self._options.installs and built.ending is Ending.succeeded:
            remember_installed(self._site.packages)
        return self._outcome(built, log, before=installed.seconds if installed else 0)

    def gather(self, target: Path) -> int:
        """Puts the pages into `target`, a release in the making; returns how many files. For a thread.

        Raises:
            OutputUnusable: the build made no folder, or links in it lead out.
            DiskFull: the disk has no room.
        """
        return gather(self._plan.output, target, is_fresh=self._plan.is_fresh)

    def discard(self) -> None:
        """Deletes the fresh folder. What the site's command wrote at its usual place stays."""
        if self._plan.is_fresh:
            discard(self._plan.output)

    async def _install(self, log: Log, stopped: Callable[[], bool]) -> Run | None:
        packages = self._site.packages
        reason = why_install(packages) if packages and self._options.installs else None
        if packages is None or reason is None:
            return None
        log.add(reason)
        done = await self._command(install_command(packages), packages.folder, log, stopped)
        if done.ending is Ending.succeeded:
            remember_installed(packages)
        return done

    async def _command(self, argv: Sequence[str], folder: Path, log: Log, stopped: Callable[[], bool]) -> Run:
        limits = self._options.limits
        environment = build_environment(
            self._site, self._options.inherited, extra=self._options.environment, memory=limits.memory
        )
        if shutil.which(argv[0], path=environment["PATH"]) is None:
            raise ToolMissing(f"“{argv[0]}” was not found. Install it for the user that runs Pressroom.")
        log.add(f"$ {' '.join(argv)}")
        return await run(argv, folder, environment=environment, limits=limits, log=log, stopped=stopped)

    def _outcome(self, ended: Run, log: Log, *, before: float) -> Outcome:
        failure = self._failure(ended, log.lines)
        ending = Ending.failed if failure and ended.ending is Ending.succeeded else ended.ending
        return Outcome(ending, failure, before + ended.seconds, ended.memory, log.lines)

    def _failure(self, ended: Run, lines: tuple[str, ...]) -> Failure | None:
        limits = self._options.limits
        match ended.ending:
            case Ending.stopped:
                return None
            case Ending.timed_out:
                return Failure(f"The build took longer than {limits.seconds:g} seconds.")
            case Ending.out_of_memory:
                return Failure(f"The build held more than {limits.memory // 1024**2} MB of memory.")
            case Ending.succeeded:
                return explain(self._site, lines) if self._site.generator in _SILENT else None
            case Ending.failed:
                return explain(self._site, lines) or last_words(lines)
