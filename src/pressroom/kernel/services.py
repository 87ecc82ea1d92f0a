"""One set of services, built alike for the server, the worker, the command line and the tests."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.kernel.clock import Clock
from pressroom.kernel.db.engine import Database
from pressroom.kernel.jobs.kinds import JobCatalogue
from pressroom.kernel.jobs.signal import RunnerSignal
from pressroom.kernel.ports import Cache, Mailer, Storage
from pressroom.kernel.revision_watch import RevisionWatch
from pressroom.kernel.secrets import Secrets
from pressroom.kernel.settings import Settings
from pressroom.kernel.uow import UnitOfWork

Adapter = Callable[["Services", UnitOfWork], Any]


@dataclass(frozen=True, eq=False)
class Services:
    """Everything a feature may use. Tests replace parts with `dataclasses.replace`."""

    settings: Settings
    clock: Clock
    database: Database
    cache: Cache
    storage: Storage
    mailer: Mailer
    secrets: Secrets
    jobs: JobCatalogue
    revision: RevisionWatch
    runner_signal: RunnerSignal = field(default_factory=RunnerSignal)
    local: bool = False
    adapters: Mapping[type[Any], Adapter] = field(default_factory=dict)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work of its own: for tasks, commands, and facts that must survive an error."""
        async with self.database.unit(self) as unit:
            yield unit

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads."""
        async with self.database.reading() as session:
            yield session

    async def notify_runner(self) -> None:
        """Wakes the runners on this machine, in whatever process they live."""
        self.runner_signal.notify()
        self.runner_signal.ring_others(self.settings.data / "run")

    @property
    def checks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What `/ready` asks, by name; each raises when it does not answer."""
        return {
            "database": self.database.check,
            "cache": self.cache.check,
            "storage": self.storage.check,
            "mail": self.mailer.check,
        }

    async def close(self) -> None:
        """Closes everything in the reverse order of opening."""
        for part in (self.revision, self.mailer, self.storage, self.cache, self.database):
            await part.close()
