"""What the routes of conflicts ask for."""

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends

from pressroom.kernel.http.deps import ServicesDep

if TYPE_CHECKING:
    from pressroom.features.source.conflicts.service import Conflicts


async def get_conflicts(services: ServicesDep) -> "Conflicts":
    from pressroom.features.source.conflicts.service import Conflicts  # noqa: PLC0415  # it loads what merges files

    return Conflicts(services)


ConflictsDep = Annotated["Conflicts", Depends(get_conflicts)]
