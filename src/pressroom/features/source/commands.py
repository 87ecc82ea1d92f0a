"""`pressroom site attach`, `detach` and `scan`: one's own folder of Markdown."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.kernel.command import JsonFlag, YesFlag, answer, confirm, fail, run
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    from pressroom.features.source.recognise import SourceSite
    from pressroom.features.source.scanning import ScanReport


def add_to(site: typer.Typer) -> None:
    """Adds the commands to the site's group."""
    for command in (attach, detach, scan):
        site.command()(command)


def attach(  # one argument for each option
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="Your site's project, its folder of posts, or a folder of Markdown.")],
    *,
    content: Annotated[Path | None, typer.Option(help="The folder of the posts, where it is not found.")] = None,
    build: Annotated[str | None, typer.Option(help="The command that builds the site.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where that command leaves the site.")] = None,
    yes: YesFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Write in a folder of Markdown that is yours: every post there is a file and stays one.

    Shows first what the folder is and what will be done. Attaching writes no file; a save changes only its own lines.
    """
    site = _recognised(path, content, build=build, output=output)
    if not as_json:
        typer.echo("\n".join(site.describe()))
    confirm("Attach this folder?", yes=yes)

    async def work(services: Services) -> "ScanReport":
        from pressroom.features.source.service import attach  # noqa: PLC0415  # only here

        return await attach(services, site)

    _tell(run(ctx, work), as_json=as_json, head=f"Attached {site.content}")


def detach(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Let go of the folder. Its files stay as they are; the posts stay here, too, each in its row."""

    async def work(services: Services) -> Path:
        from pressroom.features.source.service import detach  # noqa: PLC0415  # only here

        return await detach(services)

    folder = run(ctx, work)
    answer({"detached": folder}, as_json=as_json, text=lambda: f"Detached {folder}. Every file there is as it was.")


def scan(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Take in what changed in the folder. Ends with 1 when a file cannot be read; the others are there."""

    async def work(services: Services) -> "ScanReport":
        from pressroom.features.source.scanning import scan  # noqa: PLC0415  # only here

        return await scan(services)

    report = run(ctx, work)
    _tell(report, as_json=as_json, head="Scanned")
    if report.failed:
        raise typer.Exit(1)


def _recognised(path: Path, content: Path | None, *, build: str | None, output: Path | None) -> "SourceSite":
    from pressroom.features.source.recognise import recognise  # noqa: PLC0415  # only here

    try:
        return recognise(path, content, build=build, output=output)
    except AppError as error:
        fail(error.detail, code=error.code)


def _tell(report: "ScanReport", *, as_json: bool, head: str) -> None:
    answer(report.as_json(), as_json=as_json, text=lambda: f"{head}. {report.as_text()}")
