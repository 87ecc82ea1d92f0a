"""Writing posts: create, read, change, delete."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.posts.answers import EditorialCard, EditorialPost, card, whole
from pressroom.features.posts.deps import EDITORIAL, DeskDep, Ref, Seen, ShelfDep, TrashDep, WhereDep, WritingDep
from pressroom.features.posts.errors import (
    CategoryIncomplete,
    DraftChanged,
    DraftNotFound,
    PostChanged,
    PostInTrash,
    PostNotFound,
    SearchTooLong,
    SlugTaken,
    TextRefused,
)
from pressroom.features.posts.manuscripts import Manuscripts
from pressroom.features.posts.models import Post
from pressroom.features.posts.queries import EditorialQuery
from pressroom.features.posts.schemas import PostBody, PostPatch
from pressroom.features.posts.service.writing import Change
from pressroom.features.posts.troubles import Trouble
from pressroom.kernel.auth import Role
from pressroom.kernel.errors import InvalidCursor, PreconditionRequired
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing
from pressroom.kernel.preconditions import etag

router = APIRouter(
    route_class=StrictRoute, prefix=EDITORIAL, tags=["posts, editorial"], dependencies=[at_least(Role.author)]
)
VERSIONED = {"ETag": {"description": "The version", "schema": {"type": "string"}}}
CREATED = 201
WRITE_FAILURES = (
    PostNotFound,
    PostInTrash,
    SlugTaken,
    PostChanged,
    PreconditionRequired,
    TextRefused,
    CategoryIncomplete,
)


async def answer(
    response: Response, manuscripts: Manuscripts, post: Post, *, trouble: Trouble | None = None
) -> EditorialPost:
    """A whole post, with its version as the `ETag`."""
    response.headers["ETag"] = etag(post.version)
    return whole(post, await manuscripts.locate(post), trouble)


@router.get("", operation_id="list_editorial_posts", responses=failures(InvalidCursor, SearchTooLong))
async def list_editorial_posts(
    request: Request,
    response: Response,
    actor: CurrentActor,
    shelf: ShelfDep,
    query: Annotated[EditorialQuery, Query()],
) -> Listing[EditorialCard]:
    """Posts of every status, without their words. Authors see their own."""
    page = await shelf.list(actor, query.wanted(), limit=query.limit, offset=query.offset)
    meta = page_meta(request, response, query, total=page.total, cursor=page.next)
    return Listing(data=[card(row) for row in page.rows], meta=meta)


@router.post(
    "",
    operation_id="create_post",
    status_code=CREATED,
    responses={CREATED: {"headers": VERSIONED}, **failures(SlugTaken, TextRefused, CategoryIncomplete)},
)
async def create_post(
    request: Request, response: Response, actor: CurrentActor, desk: DeskDep, writing: WritingDep, body: PostBody
) -> EditorialPost:
    """Creates a post: a draft, unless `draft` is `false`."""
    post = await writing.create(actor, body.words(), draft=body.draft is not False)
    response.headers["Location"] = f"{request.url.path}/{post.id}"
    return await answer(response, desk.manuscripts, post)


@router.get(
    "/{ref}",
    operation_id="get_editorial_post",
    responses={200: {"headers": VERSIONED}, **failures(PostNotFound)},
)
async def get_editorial_post(
    ref: Ref, response: Response, actor: CurrentActor, where: WhereDep, shelf: ShelfDep
) -> EditorialPost:
    """One post, whatever its status."""
    post = await shelf.whole(actor, ref)
    return await answer(response, where, post, trouble=await shelf.find_trouble(post))


@router.put(
    "/{ref}",
    operation_id="replace_post",
    responses={200: {"headers": VERSIONED}, **failures(*WRITE_FAILURES)},
)
async def replace_post(
    ref: Ref, response: Response, actor: CurrentActor, desk: DeskDep, writing: WritingDep, wanted: Seen, body: PostBody
) -> EditorialPost:
    """Replaces the whole post. What it was stays a version."""
    change = Change(words=body.whole(), draft=body.draft)
    return await answer(response, desk.manuscripts, await writing.update(actor, ref, change, wanted=wanted))


@router.patch(
    "/{ref}",
    operation_id="update_post",
    responses={200: {"headers": VERSIONED}, **failures(*WRITE_FAILURES, DraftNotFound, DraftChanged)},
)
async def update_post(
    ref: Ref,
    response: Response,
    actor: CurrentActor,
    desk: DeskDep,
    writing: WritingDep,
    wanted: Seen,
    body: PostPatch,
) -> EditorialPost:
    """Changes the fields that are sent. What the post was stays a version."""
    change = Change(words=body.changes(), draft=body.draft, take_draft=body.take_draft)
    return await answer(response, desk.manuscripts, await writing.update(actor, ref, change, wanted=wanted))


@router.delete(
    "/{ref}",
    operation_id="delete_post",
    status_code=204,
    responses=failures(PostNotFound, PostInTrash, PostChanged, PreconditionRequired),
)
async def delete_post(ref: Ref, actor: CurrentActor, trash: TrashDep, wanted: Seen) -> None:
    """Puts the post into the trash, from where it can be restored."""
    await trash.delete(actor, ref, wanted=wanted)
