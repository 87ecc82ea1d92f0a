"""The manifest by which a slice tells the composition roots what it brings."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pressroom.kernel.diagnosis import Check
from pressroom.kernel.events import Subscription
from pressroom.kernel.jobs import JobKind, Schedule
from pressroom.kernel.jobs.companions import Companion
from pressroom.kernel.services import Adapter, Services
from pressroom.kernel.settings import Section

if TYPE_CHECKING:
    import typer
    from fastapi import APIRouter


@dataclass(frozen=True, kw_only=True)
class Feature:
    """What one slice brings. What is heavy to import comes through a callable.

    Attributes:
        name: the slice's folder.
        settings: its sections.
        routers: its routes, each mounted as it is (the router carries its own prefix).
        subscriptions: which events it hears.
        jobs: its kinds of job.
        schedules: its jobs that come back.
        commands: adds its commands to the command line.
        greet: lines for the person who starts the server; gets the address it listens on.
        on_start: run in the server once the schema is there, before the first request.
        companions: what runs beside the jobs of a process, for as long as it does jobs.
        checks: what `doctor` looks at, by name, as far as it matters for these services.
        adapters: what it makes of ports that lower slices own, by port; each is made anew for a unit of work.
    """

    name: str
    settings: Sequence[type[Section]] = ()
    routers: "Callable[[], Sequence[APIRouter]]" = tuple
    subscriptions: Sequence[Subscription] = ()
    jobs: Sequence[JobKind] = ()
    schedules: Sequence[Schedule] = ()
    commands: "Callable[[typer.Typer], None] | None" = None
    greet: Callable[[Services, str], Awaitable[Sequence[str]]] | None = None
    on_start: Callable[[Services], Awaitable[None]] | None = None
    companions: Sequence[Companion] = ()
    checks: Callable[[Services], Awaitable[Mapping[str, Check]]] | None = None
    adapters: Mapping[type[Any], Adapter] = field(default_factory=dict)
