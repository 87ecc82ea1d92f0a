"""What kinds of job there are."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from pressroom.kernel.jobs.context import JobContext
from pressroom.kernel.schema import Schema

Handler = Callable[[JobContext, Any], Awaitable[BaseModel | None]]


class NoArguments(Schema):
    """For kinds that need nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job.

    Attributes:
        name: `slice.verb`, unique in the program.
        arguments: the class of its arguments; stored as JSON.
        handler: does the work. It must be idempotent: after a crash it runs again.
        max_attempts: how often it is tried before it counts as failed.
        lane: jobs of one lane never run at the same time.
        backoff: seconds before the second attempt; doubled for each further one.
    """

    name: str
    arguments: type[BaseModel]
    handler: Handler
    max_attempts: int = 5
    lane: str | None = None
    backoff: float = 1.0


class JobCatalogue:
    """All kinds by name."""

    def __init__(self, kinds: Iterable[JobKind] = ()) -> None:
        self._kinds: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"Two kinds of job are named {kind.name!r}.")
            self._kinds[kind.name] = kind

    def find(self, name: str) -> JobKind | None:
        return self._kinds.get(name)

    def __iter__(self) -> Iterator[JobKind]:
        return iter(self._kinds.values())
