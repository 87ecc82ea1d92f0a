"""What every command of the command line shares: services, answers for people or programs, questions, failures."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import orjson
import typer

from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services
from pressroom.kernel.settings import DatabaseSettings, Settings

T = TypeVar("T")
JsonFlag = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]
YesFlag = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before something is destroyed.")]


@dataclass(frozen=True)
class Invocation:
    """One call of the program: where its data is and how its services are built."""

    data: Path | None
    read_settings: Callable[[], Settings]
    build_services: Callable[[Settings], Services]


def run(ctx: typer.Context, work: Callable[[Services], Awaitable[T]], *, upgrade: bool = True) -> T:
    """Runs `work` with services opened before and closed after it; a named failure ends the program with its words.

    Args:
        ctx: the command's context.
        work: what to do.
        upgrade: bring the schema up to date first, unless the settings leave that to an operator.
    """
    try:
        return asyncio.run(_with_services(ctx.find_object(Invocation), work, upgrade=upgrade))
    except AppError as error:
        fail(error.detail, code=error.code)


async def _with_services(
    invocation: Invocation | None, work: Callable[[Services], Awaitable[T]], *, upgrade: bool
) -> T:
    if invocation is None:
        raise RuntimeError("The command runs outside the program.")
    services = invocation.build_services(invocation.read_settings())
    try:
        if upgrade:
            migrations = Migrations(services.database, data=services.settings.data, clock=services.clock)
            await migrations.prepare(upgrade=services.settings[DatabaseSettings].auto_upgrade)
        return await work(services)
    finally:
        await services.close()


def answer(value: Any, *, as_json: bool, text: Callable[[], str]) -> None:
    """Prints a result: `value` as JSON for programs, or `text()` for people."""
    if as_json:
        typer.echo(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo(text())


def confirm(question: str, *, yes: bool) -> None:
    """Asks before something is destroyed; without a terminal to ask at, `--yes` is needed."""
    if yes:
        return
    if not sys.stdin.isatty():
        fail(f"{question} Say --yes to go ahead.")
    if not typer.confirm(question):
        fail("Nothing was changed.")


def fail(message: str, *, code: str | None = None) -> NoReturn:
    """Ends the program: the message on standard error, exit code 1."""
    typer.secho(f"Error: {message}" + (f" ({code})" if code else ""), err=True, fg=typer.colors.RED)
    raise typer.Exit(1)
