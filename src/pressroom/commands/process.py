"""Commands that stay: the server, the worker, the scheduler."""

import asyncio
from typing import Annotated

import typer

from pressroom.commands.server import ServeOptions, serve_publication
from pressroom.kernel.command import Invocation, fail, run
from pressroom.worker import run_scheduler, run_worker

STAYING = ("serve", "worker", "scheduler")


def add_to(cli: typer.Typer) -> None:
    """Adds these commands."""
    cli.command()(serve)
    cli.command()(worker)
    cli.command()(scheduler)


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", show_default="8000")] = None,
    workers: Annotated[int, typer.Option(help="Server processes.", min=1, max=64)] = 1,
    local: Annotated[bool, typer.Option("--local", help="No sign-in; for this machine only.")] = False,  # noqa: FBT002  # Typer's way
    reload: Annotated[bool, typer.Option("--reload", help="Start again when the code changes.")] = False,  # noqa: FBT002  # Typer's way
) -> None:
    """Serve the publication: site, API and jobs in one process.

    The first start makes the database, a welcome post and the site, and prints a one-time link
    that creates the owner. Stop it with Ctrl-C; unfinished jobs go on at the next start.
    """
    invocation = ctx.find_object(Invocation)
    if invocation is None:
        fail("The command runs outside the program.")
    options = ServeOptions(host=host, port=port, workers=workers, local=local, reload=reload)
    serve_publication(invocation, options)


def worker(ctx: typer.Context) -> None:
    """Run jobs in a process of their own, beside `serve` with PRESSROOM_JOBS__EMBEDDED=false."""
    _until_interrupted(ctx, run_worker)


def scheduler(ctx: typer.Context) -> None:
    """Only fire schedules; workers do the jobs. Several may run: each schedule still fires once."""
    _until_interrupted(ctx, run_scheduler)


def _until_interrupted(ctx: typer.Context, work: object) -> None:
    try:
        run(ctx, work)  # type: ignore[arg-type]  # both coroutines take services
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(0) from None
