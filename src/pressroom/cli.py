"""The command line: one program, every feature's commands."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pressroom import __version__
from pressroom.commands import database, diagnosis, process, start
from pressroom.composition import build_services, read_settings
from pressroom.features import FEATURES
from pressroom.kernel.command import Invocation
from pressroom.kernel.errors import CannotStart
from pressroom.kernel.logs import configure_logs
from pressroom.kernel.settings import Settings

EPILOG = "Begin with `pressroom serve`, open the address it prints, and follow the one-time link."


def build_cli() -> typer.Typer:
    """The program with every command."""
    cli = typer.Typer(
        name="pressroom",
        help="A self-hosted publication: write in Markdown, publish a site that never breaks.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
        rich_markup_mode="markdown",
    )
    cli.callback()(_prepare)
    for commands in (process, start, diagnosis, database):
        commands.add_to(cli)
    for feature in FEATURES:
        if feature.commands is not None:
            feature.commands(cli)
    return cli


def main() -> None:
    """The entry point of `pressroom`."""
    try:
        build_cli()(args=hoisted(sys.argv[1:]))
    except CannotStart as error:
        typer.secho(f"Error: {error}", err=True, fg=typer.colors.RED)
        sys.exit(2)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  # Typer's way
    if wanted:
        typer.echo(f"pressroom {__version__}")
        raise typer.Exit


def _prepare(
    ctx: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(help="The data folder; also PRESSROOM_DATA.", show_default="./data", file_okay=False),
    ] = None,
    version: Annotated[  # noqa: ARG001, FBT002  # its callback has done the work; Typer's way
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    def read() -> Settings:
        settings = read_settings(os.environ, folder=Path.cwd(), data=data)
        configure_logs(settings)
        return settings

    ctx.obj = Invocation(data=data, read_settings=read, build_services=build_services)


def hoisted(arguments: list[str]) -> list[str]:
    """The arguments with `--data DIR` moved to the front, so that it may stand behind any command."""
    first: list[str] = []
    rest: list[str] = []
    pending = iter(arguments)
    for argument in pending:
        if argument == "--":
            return [*first, *rest, argument, *pending]
        if argument == "--data":
            first += [argument, *([value] if (value := next(pending, None)) is not None else [])]
        elif argument.startswith("--data="):
            first.append(argument)
        else:
            rest.append(argument)
    return [*first, *rest]
