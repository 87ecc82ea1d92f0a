"""The site over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.site.deps import SiteDep
from pressroom.features.site.errors import BuildNotFound
from pressroom.features.site.releases import CannotGoLive, DiskFull, ReleaseNotFound, StoreBusy
from pressroom.features.site.schemas import BuildAsked, BuildOut, ReleaseOut, SiteOut
from pressroom.features.site.tasks import BUILD
from pressroom.kernel.auth import Role
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, ListMeta, ListQuery, next_address

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
    following = query.offset + query.limit
    link = next_address(request.url.path, request.url.query, offset=following) if following < total else None
    if link:
        response.headers["Link"] = f'<{link}>; rel="next"'
    data = [BuildOut.model_validate(build) for build in builds]
    return Listing(data=data, meta=ListMeta(total=total, limit=query.limit, offset=query.offset, next=link))


@router.post("/builds", status_code=202, dependencies=[AUTHOR], operation_id="create_build")
async def create_build(
    actor: CurrentActor,
    site: SiteDep,
    everything: Annotated[bool, Query(description="Build every page anew")] = False,  # noqa: FBT002  # a query flag
) -> BuildAsked:
    """Asks for a build; follow its job."""
    return BuildAsked(job_id=await site.ask_for_build(actor, BUILD, everything=everything))


@router.get("/builds/{id}", dependencies=[AUTHOR], operation_id="get_build", responses=failures(BuildNotFound))
async def get_build(id: UUID, actor: CurrentActor, site: SiteDep) -> BuildOut:  # noqa: A002  # the contract's name
    """One build: how it went, and where it stopped if it failed."""
    return BuildOut.model_validate(await site.get_build(actor, id))


@router.get("/releases", dependencies=[AUTHOR], operation_id="list_releases")
async def list_releases(
    query: Annotated[ListQuery, Query()], actor: CurrentActor, site: SiteDep
) -> Listing[ReleaseOut]:
    """The kept releases, the newest first."""
    releases = await site.list_releases(actor)
    page = releases[query.offset : query.offset + query.limit]
    return Listing(data=page, meta=ListMeta(total=len(releases), limit=query.limit, offset=query.offset, next=None))


@router.post("/releases/{id}/activate", dependencies=[EDITOR], operation_id="activate_release", responses=GOING_LIVE)
async def activate_release(id: UUID, actor: CurrentActor, site: SiteDep) -> ReleaseOut:  # noqa: A002  # the contract's name
    """Takes a kept release live, at once. An older one pins the site."""
    return await site.activate(actor, id)


@router.post("/pin", dependencies=[EDITOR], operation_id="pin_site", responses=GOING_LIVE)
async def pin_site(actor: CurrentActor, site: SiteDep) -> ReleaseOut:
    """Keeps what is live now: builds go on, none goes live."""
    return await site.pin(actor)


@router.post("/unpin", status_code=202, dependencies=[EDITOR], operation_id="unpin_site", responses=GOING_LIVE)
async def unpin_site(actor: CurrentActor, site: SiteDep) -> BuildAsked:
    """Lets the newest release go live, and every later one."""
    return BuildAsked(job_id=await site.unpin(actor, BUILD))
