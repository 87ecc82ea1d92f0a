"""Putting the HTTP side together: the framework inside, the front door around it."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pressroom import __version__
from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.errors import CannotStart, NoRoom
from pressroom.kernel.feature import Feature
from pressroom.kernel.http import error_pages, health
from pressroom.kernel.http.access_log import AccessLog
from pressroom.kernel.http.clients import ClientAddresses
from pressroom.kernel.http.exceptions import add_exception_handlers
from pressroom.kernel.http.front_door import Duties, FrontDoor
from pressroom.kernel.http.limiter import RateLimiter
from pressroom.kernel.http.local import LocalGuard
from pressroom.kernel.http.metrics import RequestMetrics
from pressroom.kernel.http.openapi import document
from pressroom.kernel.http.origins import allow_origins
from pressroom.kernel.http.read_side import ReadSide
from pressroom.kernel.http.security import API_POLICY, SITE_POLICY, security_headers
from pressroom.kernel.http.viewers import viewer_routes
from pressroom.kernel.jobs.companions import accompanied
from pressroom.kernel.jobs.runner import Runner
from pressroom.kernel.logs import access_writer
from pressroom.kernel.services import Services
from pressroom.kernel.settings import DatabaseSettings, HttpSettings, JobsSettings, SiteSettings

log = structlog.get_logger(__name__)
OPENAPI = "/openapi.json"
ASKED_WITH = ["Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID"]


def build_framework(services: Services, features: Sequence[Feature]) -> FastAPI:
    """The FastAPI application: every feature's routes, the error handler, the docs."""
    app = FastAPI(
        title="Pressroom",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url=OPENAPI,
        lifespan=_lifespan(services, features),
    )
    app.state.services = services
    app.state.metrics = RequestMetrics()
    routers = [health.router, error_pages.router, *(router for feature in features for router in feature.routers())]
    for router in routers:
        app.router.routes.extend(router.routes)  # flat, so that every route can be looked at and is matched directly
    app.router.routes.extend(viewer_routes(OPENAPI))
    add_exception_handlers(app, services.clock)
    if origins := services.settings[HttpSettings].cors_origins:
        allow_origins(app, origins)
    _cache_document(app)
    return app


def build_front_door(framework: FastAPI, services: Services, site: ASGIApp) -> FrontDoor:
    """The whole server as one ASGI application."""
    settings = services.settings[HttpSettings]
    site_settings = services.settings[SiteSettings]
    api_headers = security_headers(site_settings, API_POLICY)
    duties = Duties(
        settings=settings,
        clock=services.clock,
        clients=ClientAddresses(settings.trusted_proxies),
        limiter=RateLimiter(rate=settings.rate_per_second, burst=settings.rate_burst),
        metrics=framework.state.metrics,
        access_log=AccessLog(access_writer(services.settings)) if settings.access_log else None,
        api_headers=[*api_headers, (b"cache-control", b"no-store")],
        site_headers=security_headers(site_settings, SITE_POLICY),
        local=LocalGuard() if services.local else None,
    )
    framework.state.duties = duties
    read_side = ReadSide(services.revision, budget=settings.read_side_bytes, headers=api_headers)
    return FrontDoor(
        _refusing_plainly(framework),
        site=site,
        owned=_owned(framework),
        duties=duties,
        read_side=read_side if settings.read_side and not services.local else None,
    )


def _owned(app: FastAPI) -> set[str]:
    """First parts of the addresses that the framework answers; all others belong to the site."""
    return {str(path).split("/", 2)[1] for path in app_paths(app)} | {"api"}


def app_paths(app: FastAPI) -> list[str]:
    """The path of every route of the framework."""
    return [path for route in app.routes if (path := getattr(route, "path", ""))]


def _lifespan(services: Services, features: Sequence[Feature]) -> Any:
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await _prepare_schema(app, services)
            await services.revision.start()
            for feature in features:
                await _start(feature, services)
            async with _embedded_runner(services, features):
                yield
            if (duties := getattr(app.state, "duties", None)) and duties.access_log:
                duties.access_log.flush()
        finally:
            await services.close()
            sys.stderr.flush()

    return lifespan


async def _start(feature: Feature, services: Services) -> None:
    """Readers need no room on the disk: where there is none, what the start mends waits for one that finds some."""
    if feature.on_start is None:
        return
    try:
        await feature.on_start(services)
    except NoRoom as full:
        log.warning("start.no_room", feature=feature.name, reason=full.detail)


async def _prepare_schema(app: FastAPI, services: Services) -> None:
    migrations = Migrations(services.database, data=services.settings.data, clock=services.clock)
    try:
        await migrations.prepare(upgrade=services.settings[DatabaseSettings].auto_upgrade)
    except CannotStart as refusal:
        app.state.refusal = str(refusal)
        raise


def _refusing_plainly(framework: FastAPI) -> ASGIApp:
    """The framework, telling the server why it cannot start in words instead of a stack."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_plainly(message: Message) -> None:
            refusal = getattr(framework.state, "refusal", None)
            if refusal and message["type"] == "lifespan.startup.failed":
                message = {**message, "message": refusal}
            await send(message)

        await framework(scope, receive, send_plainly if scope["type"] == "lifespan" else send)

    return app


@contextlib.asynccontextmanager
async def _embedded_runner(services: Services, features: Sequence[Feature]) -> AsyncIterator[None]:
    if not services.settings[JobsSettings].embedded:
        yield
        return
    schedules = tuple(schedule for feature in features for schedule in feature.schedules)
    runner = Runner(services, schedules)
    companions = tuple(companion for feature in features for companion in feature.companions)
    task = asyncio.create_task(runner.run(), name="runner")
    try:
        async with accompanied(services, companions):
            yield
    finally:
        runner.stop()
        await task


def _cache_document(app: FastAPI) -> None:
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(document(app, __version__))
        return made

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way
