"""What routes may ask for. A request that writes gets one unit of work, shared by everything it calls."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from pressroom.kernel.services import Services
from pressroom.kernel.uow import UnitOfWork


def services_of(request: Request) -> Services:
    """For what many routes ask for: each dependency of a dependency is looked at once for every route."""
    services = request.app.state.services
    assert isinstance(services, Services)  # noqa: S101  # narrows the type of an untyped bag
    return services


async def get_services(request: Request) -> Services:
    return services_of(request)


ServicesDep = Annotated[Services, Depends(get_services)]


async def get_unit(request: Request) -> AsyncIterator[UnitOfWork]:
    async with services_of(request).unit() as unit:
        yield unit
        # From here on the commit decides, not the clock: nobody is told of a time-out that was none.
        request.scope.get("stop_the_clock", _no_clock)()


async def get_reading(request: Request) -> AsyncIterator[AsyncSession]:
    async with services_of(request).reading() as session:
        yield session


# scope="function": the commit comes before the answer leaves, so a failed commit cannot lie.
UnitDep = Annotated[UnitOfWork, Depends(get_unit, scope="function")]
ReadingDep = Annotated[AsyncSession, Depends(get_reading, scope="function")]


def _no_clock() -> None:
    """Outside the front door no request is timed."""
