"""Autosaved drafts and versions."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import ConfigDict, Field

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.posts.answers import (
    Diff,
    DraftOut,
    EditorialPost,
    VersionCard,
    VersionOut,
    draft_out,
    version_card,
    version_out,
)
from pressroom.features.posts.deps import (
    EDITORIAL,
    DeskDep,
    DraftsDep,
    Number,
    Ref,
    RestoringDep,
    Seen,
    VersionsDep,
    is_strict,
)
from pressroom.features.posts.errors import (
    DraftChanged,
    DraftNotFound,
    PostChanged,
    PostInTrash,
    PostNotFound,
    VersionNotFound,
)
from pressroom.features.posts.routes.editorial import VERSIONED, answer
from pressroom.features.posts.schemas import LARGEST_COUNTER, DraftBody, Flat
from pressroom.kernel.auth import Role
from pressroom.kernel.errors import PreconditionRequired
from pressroom.kernel.http.if_match import IfMatch
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListQuery
from pressroom.kernel.preconditions import etag

router = APIRouter(
    route_class=StrictRoute, prefix=EDITORIAL, tags=["posts, editorial"], dependencies=[at_least(Role.author)]
)
COUNTED = {"ETag": {"description": "The draft's counter", "schema": {"type": "string"}}}
Version = Annotated[int, Field(ge=1, le=LARGEST_COUNTER)]


class DiffQuery(Flat):
    """Which two versions to compare."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    old: Version
    new: Version


@router.get(
    "/{ref}/draft",
    operation_id="get_draft",
    responses={200: {"headers": COUNTED}, **failures(PostNotFound, DraftNotFound)},
)
async def get_draft(ref: Ref, response: Response, actor: CurrentActor, drafts: DraftsDep) -> DraftOut:
    """What you have typed into this post and not saved."""
    draft, post = await drafts.get(actor, ref)
    response.headers["ETag"] = etag(draft.counter)
    return draft_out(draft, post)


@router.put(
    "/{ref}/draft",
    operation_id="save_draft",
    responses={200: {"headers": COUNTED}, **failures(PostNotFound, PostInTrash, DraftChanged, PreconditionRequired)},
)
async def save_draft(
    ref: Ref,
    request: Request,
    response: Response,
    actor: CurrentActor,
    drafts: DraftsDep,
    wanted: IfMatch,
    body: DraftBody,
) -> DraftOut:
    """Keeps what you have typed so far; it is never published. From the second time on, `If-Match` has its counter."""
    strict = is_strict(request)
    draft, post = await drafts.save(actor, ref, body.kept(), based_on=body.based_on, wanted=wanted, strict=strict)
    response.headers["ETag"] = etag(draft.counter)
    return draft_out(draft, post)


@router.delete("/{ref}/draft", operation_id="delete_draft", status_code=204, responses=failures(PostNotFound))
async def delete_draft(ref: Ref, actor: CurrentActor, drafts: DraftsDep) -> None:
    """Throws away what you have typed and not saved."""
    await drafts.delete(actor, ref)


@router.get("/{ref}/versions", operation_id="list_versions", responses=failures(PostNotFound))
async def list_versions(
    ref: Ref,
    request: Request,
    response: Response,
    actor: CurrentActor,
    versions: VersionsDep,
    query: Annotated[ListQuery, Query()],
) -> Listing[VersionCard]:
    """Every saved state of the words, the newest first."""
    rows, total = await versions.list(actor, ref, limit=query.limit, offset=query.offset)
    meta = page_meta(request, response, query, total=total)
    return Listing(data=[version_card(row) for row in rows], meta=meta)


@router.get("/{ref}/versions/diff", operation_id="diff_versions", responses=failures(PostNotFound, VersionNotFound))
async def diff_versions(
    ref: Ref, actor: CurrentActor, versions: VersionsDep, query: Annotated[DiffQuery, Query()]
) -> Diff:
    """What changed from one version to another."""
    hunks = await versions.diff(actor, ref, old=query.old, new=query.new)
    return Diff.model_validate({"old": query.old, "new": query.new, "hunks": [asdict(hunk) for hunk in hunks]})


@router.get(
    "/{ref}/versions/{number}",
    operation_id="get_version",
    responses=failures(PostNotFound, VersionNotFound),
)
async def get_version(ref: Ref, number: Number, actor: CurrentActor, versions: VersionsDep) -> VersionOut:
    """The words as they were at this version."""
    return version_out(await versions.get(actor, ref, number))


@router.post(
    "/{ref}/versions/{number}/restore",
    operation_id="restore_version",
    responses={
        200: {"headers": VERSIONED},
        **failures(PostNotFound, PostInTrash, VersionNotFound, PostChanged, PreconditionRequired),
    },
)
async def restore_version(
    ref: Ref,
    number: Number,
    response: Response,
    actor: CurrentActor,
    desk: DeskDep,
    restoring: RestoringDep,
    wanted: Seen,
) -> EditorialPost:
    """Saves the words of an older version as a new one."""
    return await answer(response, desk.manuscripts, await restoring.restore(actor, ref, number, wanted=wanted))
