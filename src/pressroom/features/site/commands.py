"""`pressroom site`: build, look at releases, go back, pin."""

from typing import Annotated
from uuid import UUID

import typer

from pressroom.features.site.releases import ReleaseNotFound
from pressroom.features.site.schemas import ReleaseOut
from pressroom.features.site.service import SiteService
from pressroom.features.site.tasks import BUILD
from pressroom.features.source import commands as source_commands
from pressroom.kernel.auth import OPERATOR
from pressroom.kernel.command import JsonFlag, YesFlag, answer, confirm, fail, run
from pressroom.kernel.jobs.following import JobOutcome, follow
from pressroom.kernel.services import Services

cli = typer.Typer(help="The site: build it, list releases, go back, pin.", no_args_is_help=True)
source_commands.add_to(cli)


def add_to(parent: typer.Typer) -> None:
    """Adds this group."""
    parent.add_typer(cli, name="site")


@cli.command()
def build(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Make every page anew, not only what changed.")] = False,  # noqa: FBT002  # Typer's way
    as_json: JsonFlag = False,  # noqa: FBT002  # Typer's way
) -> None:
    """Build the site and take it live. Readers see the old release until the new one is whole."""

    async def work(services: Services) -> JobOutcome:
        job_id = await SiteService(services).ask_for_build(OPERATOR, BUILD, everything=everything)
        return await follow(services, job_id, title="Building")

    outcome = run(ctx, work)
    answer(outcome.as_dict(), as_json=as_json, text=lambda: _words(outcome))
    if not outcome.succeeded:
        raise typer.Exit(1)


@cli.command()
def releases(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """List the kept releases, the newest first."""

    async def work(services: Services) -> list[ReleaseOut]:
        return await SiteService(services).list_releases(OPERATOR)

    found = run(ctx, work)
    answer(
        [release.model_dump(mode="json") for release in found],
        as_json=as_json,
        text=lambda: "\n".join(map(_line, found)) or "No release yet. Run: pressroom site build",
    )


@cli.command()
def rollback(
    ctx: typer.Context,
    release: Annotated[str | None, typer.Argument(help="The release's id; without one, the release before.")] = None,
    yes: YesFlag = False,  # noqa: FBT002  # Typer's way
    as_json: JsonFlag = False,  # noqa: FBT002  # Typer's way
) -> None:
    """Take an older release live at once, and pin the site to it. Words and comments stay as they are."""
    wanted = _release_id(release) if release else None
    confirm("Show readers an older release, and keep it until `pressroom site unpin`?", yes=yes)

    async def work(services: Services) -> ReleaseOut:
        site = SiteService(services)
        return await (site.activate(OPERATOR, wanted) if wanted else site.roll_back(OPERATOR))

    shown = run(ctx, work)
    answer(shown.model_dump(mode="json"), as_json=as_json, text=lambda: f"Live now: {_line(shown)}")


@cli.command()
def pin(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Keep what is live now. Builds go on; none goes live until `unpin`."""

    async def work(services: Services) -> ReleaseOut:
        return await SiteService(services).pin(OPERATOR)

    shown = run(ctx, work)
    answer(shown.model_dump(mode="json"), as_json=as_json, text=lambda: f"Pinned: {_line(shown)}")


@cli.command()
def unpin(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Let the newest release go live again, with all that was published meanwhile."""

    async def work(services: Services) -> JobOutcome:
        job_id = await SiteService(services).unpin(OPERATOR, BUILD)
        return await follow(services, job_id, title="Building")

    outcome = run(ctx, work)
    answer(outcome.as_dict(), as_json=as_json, text=lambda: f"Unpinned. {_words(outcome)}")
    if not outcome.succeeded:
        raise typer.Exit(1)


def _release_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        fail(f"{text!r} is not the id of a release. See: pressroom site releases", code=ReleaseNotFound.code)


def _words(outcome: JobOutcome) -> str:
    if not outcome.succeeded:
        return f"The build failed: {outcome.message} The live site is as it was."
    changed = (outcome.result or {}).get("state") != "unchanged"
    return "The site is live." if changed else "The site was up to date."


def _line(release: ReleaseOut) -> str:
    marks = [word for word, holds in (("live", release.is_live), ("pinned", release.is_pinned)) if holds]
    told = f"  {', '.join(marks)}" if marks else ""
    return f"{release.id}  {release.created_at:%Y-%m-%d %H:%M:%S}Z  {release.posts} posts{told}"
