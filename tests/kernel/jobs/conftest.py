from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from pressroom.composition import build_services
from pressroom.kernel.jobs import JobCatalogue, JobContext, JobKind, NoArguments
from pressroom.kernel.services import Services
from pressroom.kernel.settings import JobsSettings, Settings

Handler = Callable[[JobContext, Any], Any]
Open = Callable[..., Services]


@pytest.fixture
async def another(settings: Settings, clock: Any) -> AsyncIterator[Open]:
    """Services of another process: the same data, nothing else in common. `another(kind, …, clock=…)`."""
    opened: list[Services] = []

    def open_one(*kinds: JobKind, **jobs: Any) -> Services:
        tuned = settings.replacing(settings[JobsSettings].model_copy(update=jobs))
        built = replace(build_services(tuned, clock=clock), jobs=JobCatalogue(kinds))
        opened.append(built)
        return built

    yield open_one
    for built in opened:
        await built.close()


def kind_of(handler: Handler, name: str = "test.work", **options: Any) -> JobKind:
    return JobKind(name, NoArguments, handler, **options)
