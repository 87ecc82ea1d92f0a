"""Conflicts over HTTP."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.posts.errors import CategoryIncomplete, PostInTrash, SlugTaken
from pressroom.features.source.conflicts.answers import card, whole
from pressroom.features.source.conflicts.deps import ConflictsDep
from pressroom.features.source.conflicts.errors import (
    ADDRESS,
    ConflictChanged,
    ConflictNotFound,
    ConflictOver,
    NotAPost,
)
from pressroom.features.source.conflicts.schemas import ConflictCard, ConflictOut, ResolveBody
from pressroom.features.source.errors import CodeForAdmins, NothingAttached
from pressroom.kernel.auth import Role
from pressroom.kernel.errors import PreconditionRequired
from pressroom.kernel.http.if_match import Seen
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListQuery
from pressroom.kernel.preconditions import etag

if TYPE_CHECKING:
    from pressroom.features.source.conflicts.service import Shown

router = APIRouter(prefix=ADDRESS, route_class=StrictRoute, tags=["site"], dependencies=[at_least(Role.author)])
VERSIONED = {"ETag": {"description": "The version", "schema": {"type": "string"}}}


def shown(response: Response, found: "Shown") -> ConflictOut:
    """A whole conflict, with its version as the `ETag`."""
    response.headers["ETag"] = etag(found.conflict.version)
    return whole(found)


@router.get("", operation_id="list_conflicts")
async def list_conflicts(
    query: Annotated[ListQuery, Query()],
    actor: CurrentActor,
    conflicts: ConflictsDep,
    request: Request,
    response: Response,
) -> Listing[ConflictCard]:
    """Posts that were changed here and on disk in the same places, the oldest first. Authors see their own."""
    found, total = await conflicts.list(actor, limit=query.limit, offset=query.offset)
    data = [card(row, post) for row, post in found]
    return Listing(data=data, meta=page_meta(request, response, query, total=total))


@router.get("/{id}", operation_id="get_conflict", responses={200: {"headers": VERSIONED}, **failures(ConflictNotFound)})
async def get_conflict(
    id: UUID,  # noqa: A002  # the contract's name
    actor: CurrentActor,
    conflicts: ConflictsDep,
    response: Response,
) -> ConflictOut:
    """Both texts whole and side by side, and where they clash. One that is over stays here."""
    return shown(response, await conflicts.get(actor, id))


@router.post(
    "/{id}/resolve",
    operation_id="resolve_conflict",
    responses={
        200: {"headers": VERSIONED},
        **failures(
            ConflictNotFound,
            ConflictOver,
            ConflictChanged,
            PreconditionRequired,
            CodeForAdmins,
            NothingAttached,
            NotAPost,
            SlugTaken,
            CategoryIncomplete,
            PostInTrash,
        ),
    },
)
async def resolve_conflict(  # one argument for each part of the request
    id: UUID,  # noqa: A002  # the contract's name
    actor: CurrentActor,
    conflicts: ConflictsDep,
    wanted: Seen,
    body: ResolveBody,
    response: Response,
) -> ConflictOut:
    """Ends the conflict: with one of the two texts, or with a whole file of your own. Both texts are kept."""
    from pressroom.features.source.conflicts.service import Choice  # noqa: PLC0415  # it loads what merges files

    choice = Choice(take=body.take, text=body.text)
    return shown(response, await conflicts.resolve(actor, id, choice, wanted=wanted))
