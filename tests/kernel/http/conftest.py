"""A small slice to prove the front door with, served in this process or over a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Annotated, Any

import httpx
import pytest
import uvicorn
from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send
from tests.conftest import started

from pressroom.kernel import revision
from pressroom.kernel.errors import AppError
from pressroom.kernel.feature import Feature
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.app import build_framework, build_front_door
from pressroom.kernel.http.deps import ReadingDep, UnitDep
from pressroom.kernel.http.front_door import FrontDoor
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.read_side import public_answer
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.services import Services
from pressroom.kernel.settings import HttpSettings, SiteSettings
from pressroom.kernel.state import find_value, store_value


class Seen:
    """What the probe notes of itself."""

    def __init__(self) -> None:
        self.made = 0
        self.streaming = False
        self.pause: Callable[[], Awaitable[None]] | None = None


@pytest.fixture
def seen() -> Seen:
    SEEN.__init__()  # type: ignore[misc]  # as new for each test
    return SEEN


SEEN = Seen()
router = APIRouter(route_class=StrictRoute, prefix="/api/probe", tags=["probe"], dependencies=[anyone])


class Teapot(AppError):
    status = 409
    code = "probe.teapot"
    title = "This is a teapot"


class Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Field(max_length=100)]
    number: Annotated[int, Field(ge=0, le=2**31)] = 0
    rest: Any = None


@router.post("/words", operation_id="probe_words")
async def say(words: Words) -> Words:
    return words


@router.post("/form", operation_id="probe_form")
async def fill_in(words: Annotated[str, Form()]) -> str:
    return words


@router.get("/number/{number}", operation_id="probe_number")
async def number(number: Annotated[int, Path(ge=0)], request: Request) -> dict[str, str]:
    return {"number": str(number), "scheme": request.url.scheme, "client": request.scope["client_address"]}


@router.get("/teapot", operation_id="probe_teapot", responses=failures(Teapot))
async def teapot() -> None:
    raise Teapot("It holds tea.", details={"cups": 2})


@router.get("/broken", operation_id="probe_broken")
async def broken() -> None:
    raise RuntimeError("a secret of the inside")


@router.get("/long", operation_id="probe_long")
async def long(unit: UnitDep) -> None:
    await store_value(unit.session, "word", "half-done")
    await asyncio.sleep(60)


@router.post("/store/{word}", operation_id="probe_store")
async def store(word: str, unit: UnitDep) -> dict[str, str]:
    await store_value(unit.session, "word", word)
    await revision.move(unit)
    return {"stored": word}


@router.get("/public", operation_id="probe_public", dependencies=[public_answer])
async def public(session: ReadingDep) -> dict[str, Any]:
    word = await find_value(session, "word")
    SEEN.made += 1
    if SEEN.pause is not None:
        await SEEN.pause()
    return {"word": word, "padding": "x" * 3000}


@router.get("/bytes", operation_id="probe_bytes", dependencies=[public_answer])
async def ready_bytes() -> Response:
    SEEN.made += 1
    return Response(b'{"ready": true}', media_type="application/json")


@router.get("/stream", operation_id="probe_stream", response_class=Response)
async def stream() -> StreamingResponse:
    async def ticks() -> AsyncIterator[bytes]:
        SEEN.streaming = True
        try:
            while True:
                yield b": tick\n\n"
                await asyncio.sleep(0.02)
        finally:
            SEEN.streaming = False

    return StreamingResponse(ticks(), media_type="text/event-stream")


PROBE = Feature(name="probe", routers=lambda: [router])


async def site(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("the site", headers={"ETag": '"1"'})(scope, receive, send)


Serve = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def door(services: Services, *, local: bool = False, base_url: str = "", **http: Any) -> FrontDoor:
    """The front door over the probe, with some settings changed."""
    settings = services.settings
    sections: list[Any] = [settings[HttpSettings].model_copy(update=http)]
    if base_url:
        sections.append(settings[SiteSettings].model_copy(update={"base_url": base_url}))
    services = replace(services, settings=settings.replacing(*sections), local=local)
    return build_front_door(build_framework(services, [PROBE]), services, site)


@pytest.fixture
def serve(services: Services) -> Serve:
    """`async with serve(max_body_bytes=…) as client`: the probe behind the front door, in this process."""

    @asynccontextmanager
    async def serve(
        *, client: str = "127.0.0.1", origin: str = "http://testserver", **changes: Any
    ) -> AsyncIterator[httpx.AsyncClient]:
        app = door(services, **changes)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 50000))
        async with started(app), httpx.AsyncClient(transport=transport, base_url=origin) as visitor:
            yield visitor

    return serve


@pytest.fixture
def listen(services: Services) -> Callable[..., AbstractAsyncContextManager[int]]:
    """`async with listen() as port`: the same over a real socket, as `pressroom serve` configures it."""

    @asynccontextmanager
    async def listen(**changes: Any) -> AsyncIterator[int]:
        app = door(services, **changes)
        quiet: Any = {"log_config": None, "access_log": False, "proxy_headers": False}
        server = uvicorn.Server(uvicorn.Config(app, http="httptools", ws="none", **quiet))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.01)
            yield listener.getsockname()[1]
            server.should_exit = True
            await serving

    return listen
