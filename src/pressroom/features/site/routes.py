"""The site over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import PlainTextResponse

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.site.deps import SiteDep
from pressroom.features.site.errors import BuildNotFound
from pressroom.features.site.releases import CannotGoLive, DiskFull, ReleaseNotFound, StoreBusy
from pressroom.features.site.schemas import (
    Activated,
    Activation,
    BuildAsked,
    BuildOut,
    ReleaseDetail,
    ReleaseOut,
    SiteOut,
    Unpinned,
)
from pressroom.features.site.tasks import BUILD, WORDS_BACK
from pressroom.kernel.auth import Role
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.lists import page_meta
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListQuery

router = APIRouter(prefix="/api/v1/admin/site", route_class=StrictRoute, tags=["site"])
AUTHOR = at_least(Role.author)
EDITOR = at_least(Role.editor)
GOING_LIVE = failures(ReleaseNotFound, CannotGoLive, StoreBusy, DiskFull)


@router.get("", dependencies=[AUTHOR], operation_id="get_site")
async def get_site(actor: CurrentActor, site: SiteDep) -> SiteOut:
    """What readers see now, the pin, the last build, and the posts that changed since the live release."""
    return await site.get(actor)


@router.get("/builds", dependencies=[AUTHOR], operation_id="list_builds")
async def list_builds(
    query: Annotated[ListQuery, Query()], actor: CurrentActor, site: SiteDep, request: Request, response: Response
) -> Listing[BuildOut]:
    """The builds, the newest first."""
    builds, total = await site.list_builds(actor, limit=query.limit, offset=query.offset)
    data = [BuildOut.model_validate(build) for build in builds]
    return Listing(data=data, meta=page_meta(request, response, query, total=total))


@router.post("/builds", status_code=202, dependencies=[AUTHOR], operation_id="create_build")
async def create_build(
    actor: CurrentActor,
    site: SiteDep,
    everything: Annotated[bool, Query(description="Build every page anew")] = False,  # noqa: FBT002  # a query flag
    smaller: Annotated[bool, Query(description="Go live even if the site lost many pages")] = False,  # noqa: FBT002  # the same
) -> BuildAsked:
    """Asks for a build; follow its job."""
    return BuildAsked(job_id=await site.ask_for_build(actor, BUILD, everything=everything, smaller=smaller))


@router.get("/builds/{id}", dependencies=[AUTHOR], operation_id="get_build", responses=failures(BuildNotFound))
async def get_build(id: UUID, actor: CurrentActor, site: SiteDep) -> BuildOut:  # noqa: A002  # the contract's name
    """One build: how it went, and where it stopped if it failed."""
    return BuildOut.model_validate(await site.get_build(actor, id))


@router.get(
    "/builds/{id}/log",
    dependencies=[AUTHOR],
    operation_id="get_build_log",
    response_class=PlainTextResponse,
    responses=failures(BuildNotFound),
)
async def get_build_log(id: UUID, actor: CurrentActor, site: SiteDep) -> PlainTextResponse:  # noqa: A002  # the contract's name
    """What the site's own command printed, once the build has ended; live, it is in the events of its job."""
    return PlainTextResponse(await site.get_log(actor, id))


@router.get("/releases", dependencies=[AUTHOR], operation_id="list_releases")
async def list_releases(
    query: Annotated[ListQuery, Query()], actor: CurrentActor, site: SiteDep, request: Request, response: Response
) -> Listing[ReleaseOut]:
    """The kept releases, the newest first."""
    releases = await site.list_releases(actor, limit=query.limit, offset=query.offset)
    return Listing(data=releases.data, meta=page_meta(request, response, query, total=releases.total))


@router.get("/releases/{id}", dependencies=[AUTHOR], operation_id="get_release", responses=failures(ReleaseNotFound))
async def get_release(
    id: UUID,  # noqa: A002  # the contract's name
    query: Annotated[ListQuery, Query()],
    actor: CurrentActor,
    site: SiteDep,
    request: Request,
    response: Response,
) -> ReleaseDetail:
    """One kept release, and a page of the posts that readers would see differently if it were live."""
    release = await site.get_release(actor, id, limit=query.limit, offset=query.offset)
    release.meta = page_meta(request, response, query, total=release.meta.total)
    return release


@router.post(
    "/releases/{id}/activate",
    dependencies=[EDITOR],
    operation_id="activate_release",
    responses={202: {"model": Activated, "description": "It is live; a job brings its words back"}, **GOING_LIVE},
)
async def activate_release(
    id: UUID,  # noqa: A002  # the contract's name
    actor: CurrentActor,
    site: SiteDep,
    response: Response,
    body: Annotated[Activation | None, Body()] = None,
) -> Activated:
    """Takes a kept release live, at once. An older one pins the site.

    With `{"words": true}` the words that it shows are saved as new versions of their posts, by a job (202). Posts that
    are newer than the release, or hidden since, stay as they are; comments, likes and accounts are not touched.
    """
    shown = await site.activate(actor, id, words=WORDS_BACK if body and body.words else None)
    if shown.job_id:
        response.status_code = 202
    return shown


@router.post("/pin", dependencies=[EDITOR], operation_id="pin_site", responses=GOING_LIVE)
async def pin_site(actor: CurrentActor, site: SiteDep) -> ReleaseOut:
    """Keeps what is live now: builds go on, none goes live."""
    return await site.pin(actor)


@router.post("/unpin", status_code=202, dependencies=[EDITOR], operation_id="unpin_site", responses=GOING_LIVE)
async def unpin_site(actor: CurrentActor, site: SiteDep) -> Unpinned:
    """Lets the newest release go live, and every later one."""
    return await site.unpin(actor, BUILD)
