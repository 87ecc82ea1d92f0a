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


def build_cli(asked: str = "") -> typer.Typer:
    """The program with every command; when one that stays is asked for, with those alone: the others' code is not read.

    A name that is not known gets the whole program, which tells what there is.
    """
    cli = typer.Typer(
        name="pressroom",
        help="A self-hosted publication: write in Markdown, publish a site that never breaks.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
        rich_markup_mode="markdown",
    )
    cli.callback()(_prepare)
    process.add_to(cli)
    if asked in process.STAYING:
        return cli
    for commands in (start, diagnosis, database):
        commands.add_to(cli)
    for feature in FEATURES:
        if feature.commands is not None:
            feature.commands(cli)
    return cli


def main() -> None:
    """Runs the command that the arguments name."""
    try:
        options, rest = hoisted(sys.argv[1:])
        build_cli(rest[0] if rest else "")(args=options + rest)
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


def hoisted(arguments: list[str]) -> tuple[list[str], list[str]]:
    """`--data DIR`, which may stand behind any command, and the other arguments."""
    first: list[str] = []
    rest: list[str] = []
    pending = iter(arguments)
    for argument in pending:
        if argument == "--":
            return first, [*rest, argument, *pending]
        if argument == "--data":
            first += [argument, *([value] if (value := next(pending, None)) is not None else [])]
        elif argument.startswith("--data="):
            first.append(argument)
        else:
            rest.append(argument)
    return first, rest
