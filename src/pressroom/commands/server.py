"""Starting the HTTP server."""

import asyncio
import errno
import os
import socket
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from pressroom.commands.database import migrations
from pressroom.features import FEATURES
from pressroom.kernel.address import remember_address
from pressroom.kernel.command import Invocation, fail
from pressroom.kernel.services import Services
from pressroom.kernel.settings import DatabaseSettings, HttpSettings
from pressroom.loading import for_good

if TYPE_CHECKING:
    from uvicorn import Config

    from pressroom.kernel.http.front_door import FrontDoor

WILDCARDS = {"0.0.0.0", "::", ""}  # noqa: S104  # recognised, not listened on
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
STOP_SECONDS = 1  # for answers under way; with what follows, two at most


@dataclass(frozen=True)
class ServeOptions:
    """What was said on the command line; what was not comes from the settings."""

    host: str | None
    port: int | None
    workers: int
    local: bool
    reload: bool


def serve_publication(invocation: Invocation, options: ServeOptions) -> None:
    """Prepares the data folder, says where to go, and serves until stopped."""
    settings = invocation.read_settings()
    http = settings[HttpSettings]
    host = options.host or http.host
    if options.local and host not in LOOPBACK:
        fail(f"--local has no sign-in, so it listens on this machine only; {host} is reachable from elsewhere.")
    listener = _listen(host, http.port if options.port is None else options.port)
    port = listener.getsockname()[1]
    address = f"http://{_visible(host)}:{port}"
    settings = remember_address(settings, address)
    services = replace(invocation.build_services(settings), local=options.local)
    if options.workers > 1 or options.reload:
        _serve_in_processes(services, address, options, listener)
    else:
        _serve_here(services, address, listener)


def _serve_here(services: Services, address: str, listener: socket.socket) -> None:
    """In this process, on one loop and over one set of services from the schema's upgrade to the last answer."""
    with for_good():
        from uvicorn import Server  # noqa: PLC0415  # only for serving

        from pressroom.main import create_app  # noqa: PLC0415  # only for serving

        config = _config(create_app(services))
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as loop:
        loop.run(_prepare(services, address))
        loop.run(Server(config).serve(sockets=[listener]))


def _serve_in_processes(services: Services, address: str, options: ServeOptions, listener: socket.socket) -> None:
    """In processes that are started anew; what they must know stands in the environment."""
    from uvicorn import Server  # noqa: PLC0415  # only for serving
    from uvicorn.supervisors import ChangeReload, Multiprocess  # noqa: PLC0415  # only for several processes

    asyncio.run(_prepare(services, address, last=True))
    os.environ["PRESSROOM_DATA"] = str(services.settings.data)
    os.environ["PRESSROOM_SERVE_LOCAL"] = "1" if options.local else "0"
    config = _config("pressroom.main:app", workers=options.workers, reload=options.reload)
    if config.should_reload:
        ChangeReload(config, target=Server(config).run, sockets=[listener]).run()
    else:
        Multiprocess(config, sockets=[listener]).run()


def _visible(host: str) -> str:
    """How this machine's browser writes the host; one that stands for all addresses cannot be visited."""
    if host in WILDCARDS:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        reason = "something else is listening there" if error.errno == errno.EADDRINUSE else error.strerror
        fail(f"{host}:{port} cannot be used: {reason}. Choose another with --port.")
    except OverflowError:
        fail(f"{port} is not a port. Choose one from 0 to 65535.")
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


async def _prepare(services: Services, address: str, *, last: bool = False) -> None:
    """Makes the database ready and says where to go. Closes the services when that fails, or as the `last` thing."""
    try:
        await migrations(services).prepare(upgrade=services.settings[DatabaseSettings].auto_upgrade)
        for line in await _greetings(services, address):
            typer.echo(line)
        typer.echo(f"Serving at {address}/  (Ctrl-C stops it)")
    except BaseException:
        await services.close()
        raise
    if last:
        await services.close()


async def _greetings(services: Services, address: str) -> list[str]:
    lines: list[str] = []
    for feature in FEATURES:
        if feature.greet is not None:
            lines += await feature.greet(services, address)
    return lines


def _config(app: "FrontDoor | str", *, workers: int = 1, reload: bool = False) -> "Config":
    from uvicorn import Config  # noqa: PLC0415  # only for serving

    return Config(
        app,
        workers=workers,
        reload=reload,
        loop="auto",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=30,
        backlog=2048,
    )
