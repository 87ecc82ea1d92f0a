"""`pressroom site attach`, `detach`, `scan`, `schema` and `pull`: one's own folder of Markdown."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.features.source.conflicts import commands as conflict_commands
from pressroom.features.source.settings import SourceSettings
from pressroom.kernel.auth import OPERATOR
from pressroom.kernel.command import Invocation, JsonFlag, YesFlag, answer, confirm, fail, run
from pressroom.kernel.errors import AppError
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    from pressroom.features.source.recognise import SourceSite
    from pressroom.features.source.scanning import ScanReport
    from pressroom.features.source.schemas import FormField, SchemaOut
    from pressroom.kernel.jobs.following import JobOutcome


def add_to(site: typer.Typer) -> None:
    """Adds the commands to the site's group."""
    for command in (attach, detach, scan, schema, pull):
        site.command()(command)
    conflict_commands.add_to(site)


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
    Ends when every post is typeset; Ctrl-C leaves the rest of that to the server.
    """
    site = _recognised(path, content, build=build, output=output)
    if not as_json:
        typer.echo("\n".join(site.describe()))
    confirm("Attach this folder?", yes=yes)

    async def work(services: Services) -> "ScanReport":
        from pressroom.features.source.service import attach  # noqa: PLC0415  # only here

        report = await attach(services, site)
        await _follow_typesetting(services)
        return report

    _tell(run(ctx, work), as_json=as_json, head=f"Attached {site.content}")
    if site.build and not as_json:
        typer.echo("A running server builds it now; `pressroom site build` does it here. See: pressroom site builds")


def detach(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Let go of the folder. Its files stay as they are; the posts stay here, too, each in its row."""

    async def work(services: Services) -> Path:
        from pressroom.features.source.service import detach  # noqa: PLC0415  # only here

        return await detach(services)

    invocation = ctx.find_object(Invocation)
    folder = run(ctx, work)
    is_set = bool(invocation and invocation.read_settings()[SourceSettings].content)
    again = " ASTRO_CONTENT_PATH is set: take it away, or the next `serve` attaches what it names." if is_set else ""
    told = f"Detached {folder}. Every file there is as it was.{again}"
    answer({"detached": folder}, as_json=as_json, text=lambda: told)


def scan(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Take in what changed in the folder. Ends with 1 when a file cannot be read; the others are there."""

    async def work(services: Services) -> "ScanReport":
        from pressroom.features.source.scanning import scan  # noqa: PLC0415  # only here

        report = await scan(services)
        await _follow_typesetting(services)
        return report

    report = run(ctx, work)
    _tell(report, as_json=as_json, head="Scanned")
    if report.failed:
        raise typer.Exit(1)


def schema(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Show what the site asks of a post's front matter, as it is read from the site's schema or from its posts."""

    async def work(services: Services) -> "SchemaOut":
        from pressroom.features.source.describing import describe  # noqa: PLC0415  # only here
        from pressroom.features.source.forms import site_form  # noqa: PLC0415  # only here

        async with services.reading() as session:
            return describe(await site_form(session))

    found = run(ctx, work)
    answer(found.model_dump(mode="json"), as_json=as_json, text=lambda: "\n".join(_form_lines(found)))


_ORIGINS = {"schema": "The site's own schema.", "posts": "What the posts have in common.", "default": "The defaults."}


def _form_lines(form: "SchemaOut") -> Iterator[str]:
    yield _ORIGINS[form.origin]
    if form.note:
        yield form.note
    if not form.binds:
        yield "Nothing but a title is asked of a post."
    width = max(len(field.name) for field in form.fields)
    for field in form.fields:
        yield f"  {field.name:{width}}  {_asked(field)}"


def _asked(field: "FormField") -> str:
    """`list of string, required: what for`, and where it stands in the API when it is called differently there."""
    kind = f"list of {field.item.kind}" if field.item else "|".join(map(str, field.values)) or str(field.kind)
    where = "" if field.pointer == f"/{field.name}" else f" ({field.pointer})"
    return f"{kind}{', required' * field.required}{where}{f': {field.help}' if field.help else ''}"


def pull(ctx: typer.Context, *, as_json: JsonFlag = False) -> None:
    """Bring the folder's git to what its remote has, when that is a fast-forward, and take in what changed."""

    async def work(services: Services) -> "JobOutcome":
        from pressroom.features.source.pulls import ask_for_pull  # noqa: PLC0415  # only here
        from pressroom.kernel.jobs.following import follow  # noqa: PLC0415  # only here

        return await follow(services, await ask_for_pull(services, OPERATOR), title="Pulling")

    outcome = run(ctx, work)
    answer(outcome.as_dict(), as_json=as_json, text=lambda: _pulled(outcome))
    if not outcome.succeeded:
        raise typer.Exit(1)


def _pulled(outcome: "JobOutcome") -> str:
    if not outcome.succeeded:
        return f"Not pulled: {outcome.message}"
    from pressroom.features.source.scanning import ScanReport  # noqa: PLC0415  # only here

    result = outcome.result or {}
    many = f"Pulled {result['commits']} commits ({result['before']} to {result['after']})."
    head = many if result["commits"] else f"Nothing to pull; this is {result['after']}."
    return f"{head} {ScanReport(**result['scan']).as_text()}"


async def _follow_typesetting(services: Services) -> None:
    """Shows a bar until every post is whole, whoever does it: a running server, a worker, or this process."""
    from pressroom.features.posts.service.typesetting import ask_for_typesetting  # noqa: PLC0415  # only here
    from pressroom.kernel.jobs.following import follow  # noqa: PLC0415  # the same

    while job := await ask_for_typesetting(services):
        outcome = await follow(services, job, title="Typesetting")
        if not outcome.succeeded:
            told = f"Not every post is typeset: {outcome.message} The words are all there; the next start goes on."
            typer.secho(told, err=True, fg=typer.colors.YELLOW)
            return


def _recognised(path: Path, content: Path | None, *, build: str | None, output: Path | None) -> "SourceSite":
    from pressroom.features.source.recognise import recognise  # noqa: PLC0415  # only here

    try:
        return recognise(path, content, build=build, output=output)
    except AppError as error:
        fail(error.detail, code=error.code)


def _tell(report: "ScanReport", *, as_json: bool, head: str) -> None:
    answer(report.as_json(), as_json=as_json, text=lambda: f"{head}. {report.as_text()}")
