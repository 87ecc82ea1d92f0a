"""What the routes of conflicts ask for."""

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends

from pressroom.features.posts.deps import IfMatch
from pressroom.features.posts.preconditions import Precondition
from pressroom.kernel.errors import PreconditionRequired
from pressroom.kernel.http.deps import ServicesDep

if TYPE_CHECKING:
    from pressroom.features.source.conflicts.service import Conflicts


async def get_conflicts(services: ServicesDep) -> "Conflicts":
    from pressroom.features.source.conflicts.service import Conflicts  # noqa: PLC0415  # it loads what merges files

    return Conflicts(services)


async def seen(wanted: IfMatch) -> Precondition:
    """What the person saw, which must be said."""
    if wanted.tags is None:
        raise PreconditionRequired('Say which state of the conflict you decide: If-Match: "<version>".')
    return wanted


ConflictsDep = Annotated["Conflicts", Depends(get_conflicts)]
Seen = Annotated[Precondition, Depends(seen)]
