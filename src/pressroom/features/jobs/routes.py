"""Jobs over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from pressroom.features.accounts.deps import CurrentActor, at_least, signed_in
from pressroom.features.jobs.deps import JobServiceDep
from pressroom.features.jobs.errors import JobAlreadyFinished, JobNotFound, JobNotRetryable
from pressroom.features.jobs.schemas import JobListQuery, JobView
from pressroom.features.jobs.streaming import END, last_line, server_sent
from pressroom.kernel.auth import Role
from pressroom.kernel.http.deps import UnitDep
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.pagination import Listing, next_address

router = APIRouter(route_class=StrictRoute, prefix="/api/v1/jobs", tags=["jobs"], dependencies=[signed_in])
EVENT = {
    "type": "object",
    "description": "One event; `data` is a job or a line of its log, as JSON",
    "properties": {"event": {"enum": ["job", "log"]}, "id": {"type": "string"}, "data": {"type": "string"}},
    "required": ["event", "data"],
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Its changes, live", "content": {"text/event-stream": {"schema": EVENT}}},
    204: {"description": "You have seen its end; do not ask again"},
}


@router.get("/{job_id}", operation_id="get_job", responses=failures(JobNotFound))
async def get(job_id: UUID, actor: CurrentActor, jobs: JobServiceDep) -> JobView:
    """A job that you asked for; editors see all."""
    return await jobs.get(actor, job_id)


@router.get(
    "/{job_id}/events",
    operation_id="watch_job",
    response_class=Response,
    responses={**STREAM, **failures(JobNotFound)},
)
async def watch(
    job_id: UUID,
    actor: CurrentActor,
    jobs: JobServiceDep,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """Its log and its state as server-sent events, live, until it has ended.

    `log` events carry ids: a reader that was cut off sends the last one as `Last-Event-ID` and misses nothing.
    """
    job = await jobs.get(actor, job_id)
    if last_event_id == END and job.state.is_final:
        return Response(status_code=204)
    changes = jobs.watch(actor, job_id, after=last_line(last_event_id))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(server_sent(changes), media_type="text/event-stream", headers=headers)


@router.post("/{job_id}/cancel", operation_id="cancel_job", responses=failures(JobNotFound, JobAlreadyFinished))
async def cancel(job_id: UUID, actor: CurrentActor, jobs: JobServiceDep, unit: UnitDep) -> JobView:
    """A waiting job ends at once; a running one stops at its next step."""
    return await jobs.cancel(unit, actor, job_id)


@router.post("/{job_id}/retry", operation_id="retry_job", responses=failures(JobNotFound, JobNotRetryable))
async def retry(job_id: UUID, actor: CurrentActor, jobs: JobServiceDep, unit: UnitDep) -> JobView:
    """A failed or cancelled job is tried again, from where it had come to."""
    return await jobs.retry(unit, actor, job_id)


async def list_all(
    request: Request, response: Response, query: Annotated[JobListQuery, Query()], jobs: JobServiceDep
) -> Listing[JobView]:
    """All jobs, the newest first."""
    listing = await jobs.list(query)
    following = query.offset + query.limit
    if following < listing.meta.total:
        listing.meta.next = next_address(request.url.path, request.url.query, offset=following)
        response.headers["Link"] = f'<{listing.meta.next}>; rel="next"'
    return listing


def routers() -> Sequence[APIRouter]:
    """The routes of jobs; the list also where other programs know it."""
    return [router, _admin("/api/v1/admin", in_schema=True), _admin("/api/admin", in_schema=False)]


def _admin(prefix: str, *, in_schema: bool) -> APIRouter:
    admin = APIRouter(route_class=StrictRoute, prefix=prefix, tags=["jobs"], include_in_schema=in_schema)
    admin.get("/jobs", dependencies=[at_least(Role.editor)], operation_id="list_jobs")(list_all)
    return admin
