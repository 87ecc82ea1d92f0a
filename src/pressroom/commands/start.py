"""Commands for the beginning: a data folder, and the API's document."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from pressroom.commands.database import migrations
from pressroom.kernel.command import Invocation, JsonFlag, answer, fail, run
from pressroom.kernel.services import Services


def add_to(cli: typer.Typer) -> None:
    """Adds these commands."""
    cli.command()(init)
    cli.command()(openapi)


def init(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Make the data folder: the database, the secret, nothing else. `serve` does it too; running it again is safe."""

    async def work(services: Services) -> dict[str, str | None]:
        services.secrets.key("first use")
        return {"data": str(services.settings.data), "revision": await migrations(services).current()}

    made = run(ctx, work)
    answer(made, as_json=as_json, text=lambda: f"Ready in {made['data']}. Next: pressroom serve")


def openapi(
    ctx: typer.Context,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
) -> None:
    """Print the OpenAPI document of the API."""
    from pressroom.features import FEATURES  # noqa: PLC0415  # the whole application, only here
    from pressroom.kernel.http.app import build_framework  # noqa: PLC0415  # the whole application, only here

    invocation = ctx.find_object(Invocation)
    if invocation is None:
        fail("The command runs outside the program.")
    framework = build_framework(invocation.build_services(invocation.read_settings()), FEATURES)
    text = orjson.dumps(framework.openapi(), option=orjson.OPT_INDENT_2).decode() + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
        typer.echo(f"Wrote {output}.")
