"""Moving a post between its states. `If-Match` may be left out: no words are replaced."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.posts.answers import EditorialPost, PreviewLink
from pressroom.features.posts.deps import EDITORIAL, DeskDep, PublishingDep, Ref, ShelfDep, TrashDep
from pressroom.features.posts.errors import (
    DraftChanged,
    DraftNotFound,
    MomentPassed,
    NotInTrash,
    PostChanged,
    PostInTrash,
    PostNotFound,
    SlugTaken,
    TextRefused,
)
from pressroom.features.posts.routes.editorial import VERSIONED, answer
from pressroom.features.posts.schemas import PreviewBody, PublishBody, ScheduleBody
from pressroom.features.posts.service.previews import make_preview_link
from pressroom.kernel.auth import Role
from pressroom.kernel.http.deps import ServicesDep
from pressroom.kernel.http.if_match import IfMatch
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures

router = APIRouter(
    route_class=StrictRoute, prefix=EDITORIAL, tags=["posts, editorial"], dependencies=[at_least(Role.author)]
)
MOVE_FAILURES = (PostNotFound, PostInTrash, PostChanged)


@router.post(
    "/{ref}/publish",
    operation_id="publish_post",
    responses={
        200: {"headers": VERSIONED},
        **failures(*MOVE_FAILURES, DraftNotFound, DraftChanged, TextRefused),
    },
)
async def publish_post(
    ref: Ref,
    response: Response,
    actor: CurrentActor,
    desk: DeskDep,
    publishing: PublishingDep,
    wanted: IfMatch,
    body: Annotated[PublishBody | None, Body()] = None,
) -> EditorialPost:
    """Shows the post to readers. A draft whose date lies ahead is scheduled for it; look at `status`."""
    take = body.take_draft if body else None
    post = await publishing.publish(actor, ref, take_draft=take, wanted=wanted)
    return await answer(response, desk.manuscripts, post)


@router.post(
    "/{ref}/schedule",
    operation_id="schedule_post",
    responses={200: {"headers": VERSIONED}, **failures(*MOVE_FAILURES, MomentPassed)},
)
async def schedule_post(
    ref: Ref,
    response: Response,
    actor: CurrentActor,
    desk: DeskDep,
    publishing: PublishingDep,
    wanted: IfMatch,
    body: ScheduleBody,
) -> EditorialPost:
    """Shows the post to readers from a moment on, and hides it until then."""
    return await answer(response, desk.manuscripts, await publishing.schedule(actor, ref, body.at, wanted=wanted))


@router.post(
    "/{ref}/unpublish",
    operation_id="unpublish_post",
    responses={200: {"headers": VERSIONED}, **failures(*MOVE_FAILURES)},
)
async def unpublish_post(
    ref: Ref, response: Response, actor: CurrentActor, desk: DeskDep, publishing: PublishingDep, wanted: IfMatch
) -> EditorialPost:
    """Takes the post back into a draft."""
    return await answer(response, desk.manuscripts, await publishing.unpublish(actor, ref, wanted=wanted))


@router.post(
    "/{ref}/archive",
    operation_id="archive_post",
    responses={200: {"headers": VERSIONED}, **failures(*MOVE_FAILURES)},
)
async def archive_post(
    ref: Ref, response: Response, actor: CurrentActor, desk: DeskDep, publishing: PublishingDep, wanted: IfMatch
) -> EditorialPost:
    """Keeps the post but shows it to readers no more."""
    return await answer(response, desk.manuscripts, await publishing.archive(actor, ref, wanted=wanted))


@router.post(
    "/{ref}/restore",
    operation_id="restore_post",
    responses={200: {"headers": VERSIONED}, **failures(PostNotFound, NotInTrash, SlugTaken, PostChanged)},
)
async def restore_post(
    ref: Ref, response: Response, actor: CurrentActor, desk: DeskDep, trash: TrashDep
) -> EditorialPost:
    """Brings a deleted post back as it was, by its id. When its address is used by now, it gets a number."""
    return await answer(response, desk.manuscripts, await trash.restore(actor, ref))


@router.post(
    "/{ref}/preview-links",
    operation_id="create_preview_link",
    status_code=201,
    responses=failures(PostNotFound),
)
async def create_preview_link(
    ref: Ref,
    actor: CurrentActor,
    shelf: ShelfDep,
    services: ServicesDep,
    body: Annotated[PreviewBody | None, Body()] = None,
) -> PreviewLink:
    """An address that shows the post to whoever has it, until it expires."""
    post = await shelf.get(actor, ref)
    url, expires_at = make_preview_link(services, post, body.hours if body else None)
    return PreviewLink(url=url, expires_at=expires_at)
