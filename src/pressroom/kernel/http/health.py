"""Is it alive, is it ready, and how does it do?"""

import asyncio
import ipaddress
import time
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Depends, Request, Response

from pressroom.kernel.errors import NotPermitted
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.deps import ServicesDep
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.schema import Schema

log = structlog.get_logger(__name__)
CHECK_SECONDS = 3.0


class Health(Schema):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class DependencyState(Schema):
    """One thing the program depends on: does it answer, and in how many milliseconds?"""

    state: Literal["ok", "failed"]
    milliseconds: float


class Readiness(Schema):
    """Whether requests can be served, and by what it is decided."""

    status: Literal["ready", "not_ready"]
    dependencies: dict[str, DependencyState]


router = APIRouter(route_class=StrictRoute, tags=["health"])


@router.get("/health", dependencies=[anyone], operation_id="health")
async def health() -> Health:
    """Answers as long as the process lives."""
    return Health()


@router.get("/api/health", dependencies=[anyone], include_in_schema=False)
async def health_too() -> Health:
    return Health()


@router.get(
    "/ready",
    dependencies=[anyone],
    operation_id="ready",
    responses={503: {"model": Readiness, "description": "Something this program depends on does not answer"}},
)
async def ready(services: ServicesDep, response: Response) -> Readiness:
    """Asks the database, the cache, the storage and the mail, all at once."""
    names = list(services.checks)
    states = await asyncio.gather(*(_ask(name, services.checks[name]) for name in names))
    all_well = all(state.state == "ok" for state in states)
    response.status_code = 200 if all_well else 503
    return Readiness(status="ready" if all_well else "not_ready", dependencies=dict(zip(names, states, strict=True)))


async def _ask(name: str, check: Any) -> DependencyState:
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
        state: Literal["ok", "failed"] = "ok"
    except Exception as error:  # noqa: BLE001  # whatever a driver raises means: not ready
        log.warning("ready.dependency_failed", dependency=name, reason=type(error).__name__)
        state = "failed"
    return DependencyState(state=state, milliseconds=round((time.perf_counter() - begun) * 1000, 2))


class FromThisMachine:
    """Lets in who asks from this machine; a metrics collector elsewhere goes through a tunnel or a proxy."""

    states_access = "this machine"

    async def __call__(self, request: Request) -> None:
        if not _is_loopback(str(request.scope.get("client_address"))) or _came_through_a_proxy(request):
            raise NotPermitted("Metrics are answered on this machine only.")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _came_through_a_proxy(request: Request) -> bool:
    """A proxy on this machine that is not listed as trusted looks like this machine's own request."""
    return "x-forwarded-for" in request.headers or "forwarded" in request.headers


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, _: Annotated[None, Depends(FromThisMachine())]) -> Response:
    """The numbers, in Prometheus' text format."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest  # noqa: PLC0415  # on demand
    from prometheus_client.process_collector import ProcessCollector  # noqa: PLC0415  # on demand

    registry = CollectorRegistry()
    registry.register(request.app.state.metrics)
    ProcessCollector(registry=registry)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
