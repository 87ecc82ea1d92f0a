"""The attached folder over HTTP."""

from fastapi import APIRouter

from pressroom.features.accounts.deps import CurrentActor, at_least
from pressroom.features.source.errors import NothingAttached
from pressroom.features.source.git.errors import NotInGit
from pressroom.features.source.schemas import PullAsked, SchemaOut, SourceOut
from pressroom.kernel.auth import Role
from pressroom.kernel.http.deps import ReadingDep, ServicesDep
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures

router = APIRouter(prefix="/api/v1/admin/site", route_class=StrictRoute, tags=["site"])


@router.get("/schema", dependencies=[at_least(Role.author)], operation_id="get_site_schema")
async def get_site_schema(session: ReadingDep) -> SchemaOut:
    """The form of a post's front matter: the attached site's own schema, where it can be read."""
    from pressroom.features.source.describing import describe  # noqa: PLC0415  # rarely asked for
    from pressroom.features.source.forms import site_form  # noqa: PLC0415  # rarely asked for

    return describe(await site_form(session))


@router.get("/source", dependencies=[at_least(Role.editor)], operation_id="get_source")
async def get_source(actor: CurrentActor, services: ServicesDep) -> SourceOut:
    """The folder of Markdown that is attached, and its git."""
    from pressroom.features.source.overview import look_at_source  # noqa: PLC0415  # rarely asked for

    return await look_at_source(services, actor)


@router.post(
    "/pull",
    status_code=202,
    dependencies=[at_least(Role.admin)],
    operation_id="pull_source",
    responses=failures(NothingAttached, NotInGit),
)
async def pull_source(actor: CurrentActor, services: ServicesDep) -> PullAsked:
    """Fetches and fast-forwards the working tree around the folder, then takes in what changed; follow its job."""
    from pressroom.features.source.pulls import ask_for_pull  # noqa: PLC0415  # rarely asked for

    return PullAsked(job_id=await ask_for_pull(services, actor))
