"""`pressroom site`: build, look at releases, go back, pin."""

from typing import Annotated, Literal
from uuid import UUID

import typer

from pressroom.features.site.describing import SHOWN, before_activating, release_line, waiting_line, words_lines
from pressroom.features.site.schemas import Activated, BuildOut, ReleaseDetail, ReleaseOut, Unpinned, WordsBack
from pressroom.features.site.service import SiteService
from pressroom.features.site.tasks import BUILD, WORDS_BACK
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
    smaller: Annotated[bool, typer.Option("--smaller", help="Go live even if the site lost many pages.")] = False,  # noqa: FBT002  # Typer's way
    as_json: JsonFlag = False,  # noqa: FBT002  # Typer's way
) -> None:
    """Build the site and take it live. Readers see the old release until the new one is whole."""

    async def work(services: Services) -> JobOutcome:
        site = SiteService(services)
        job_id = await site.ask_for_build(OPERATOR, BUILD, everything=everything, smaller=smaller)
        return await follow(services, job_id, title="Building")

    outcome = run(ctx, work)
    answer(outcome.as_dict(), as_json=as_json, text=lambda: _words(outcome))
    if not outcome.succeeded:
        raise typer.Exit(1)


@cli.command()
def builds(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """List the last builds, the newest first: how each went, and where it stopped."""

    async def work(services: Services) -> list[BuildOut]:
        found, _ = await SiteService(services).list_builds(OPERATOR, limit=20, offset=0)
        return [BuildOut.model_validate(each) for each in found]

    found = run(ctx, work)
    lines = [_build_line(each) for each in found] or ["No build has run yet."]
    answer([each.model_dump(mode="json") for each in found], as_json=as_json, text=lambda: "\n".join(lines))


@cli.command()
def log(
    ctx: typer.Context,
    build: Annotated[str | None, typer.Argument(help="The build's id; without one, the last build.")] = None,
) -> None:
    """Print what a build with your site's own command said."""
    wanted = _id(build, "build") if build else None

    async def work(services: Services) -> str:
        return await SiteService(services).get_log(OPERATOR, wanted)

    typer.echo(run(ctx, work))


@cli.command()
def releases(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """List the kept releases, the newest first: when, how many posts, which is live, how many changed since."""

    async def work(services: Services) -> list[ReleaseOut]:
        return (await SiteService(services).list_releases(OPERATOR)).data

    found = run(ctx, work)
    answer(
        [release.model_dump(mode="json") for release in found],
        as_json=as_json,
        text=lambda: "\n".join(map(release_line, found)) or "No release yet. Run: pressroom site build",
    )


@cli.command()
def rollback(
    ctx: typer.Context,
    release: Annotated[str | None, typer.Argument(help="The release's id; without one, the release before.")] = None,
    *,
    words: Annotated[bool, typer.Option("--words", help="Also bring its words back, as new versions.")] = False,
    yes: YesFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Take an older release live at once, and pin the site to it. Comments and accounts stay as they are.

    Shows first what readers will see differently. With --words, ends with 1 when the words of a post cannot be
    brought back; the others are.
    """
    wanted = _id(release, "release") if release else None
    found = run(ctx, lambda services: _look(services, wanted))
    if not as_json:
        typer.echo(before_activating(found, words=words))
    confirm("Show readers this release, and keep it until `pressroom site unpin`?", yes=yes)
    shown, outcome = run(ctx, lambda services: _go_back(services, found.id, words=words))
    done = WordsBack.model_validate(outcome.result) if outcome and outcome.succeeded else None
    told = {**shown.model_dump(mode="json"), "words": outcome.as_dict() if outcome else None}
    answer(told, as_json=as_json, text=lambda: "\n".join(_gone_back(shown, outcome, done)))
    if outcome and (done is None or done.refused):
        raise typer.Exit(1)


async def _look(services: Services, wanted: UUID | None) -> ReleaseDetail:
    site = SiteService(services)
    return await site.get_release(OPERATOR, wanted or await site.get_previous(OPERATOR), limit=SHOWN)


async def _go_back(services: Services, release_id: UUID, *, words: bool) -> tuple[Activated, JobOutcome | None]:
    shown = await SiteService(services).activate(OPERATOR, release_id, words=WORDS_BACK if words else None)
    if shown.job_id is None:
        return shown, None
    return shown, await follow(services, shown.job_id, title="Bringing words back")


def _gone_back(shown: Activated, outcome: JobOutcome | None, done: WordsBack | None) -> list[str]:
    lines = [f"Live now: {release_line(shown)}"]
    if done:
        lines.append(words_lines(done))
    elif outcome:
        lines.append(f"The words did not come back: {outcome.message}")
    return lines


@cli.command()
def pin(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Keep what is live now. Builds go on; none goes live until `unpin`."""

    async def work(services: Services) -> ReleaseOut:
        return await SiteService(services).pin(OPERATOR)

    shown = run(ctx, work)
    answer(shown.model_dump(mode="json"), as_json=as_json, text=lambda: f"Pinned: {release_line(shown)}")


@cli.command()
def unpin(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Let the newest release go live again, with all that was published meanwhile."""

    async def work(services: Services) -> tuple[Unpinned, JobOutcome]:
        asked = await SiteService(services).unpin(OPERATOR, BUILD)
        return asked, await follow(services, asked.job_id, title="Building")

    asked, outcome = run(ctx, work)
    told = outcome.as_dict() | {"counts": asked.counts.model_dump()}
    words = " ".join(filter(None, ("Unpinned.", _words(outcome), waiting_line(asked.counts))))
    answer(told, as_json=as_json, text=lambda: words)
    if not outcome.succeeded:
        raise typer.Exit(1)


def _id(text: str, what: Literal["build", "release"]) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        fail(f"{text!r} is not the id of a {what}. See: pressroom site {what}s", code=f"site.{what}_not_found")


def _words(outcome: JobOutcome) -> str:
    if not outcome.succeeded:
        return f"The build failed: {outcome.message} The live site is as it was."
    changed = (outcome.result or {}).get("state") != "unchanged"
    return "The site is live." if changed else "The site was up to date."


def _build_line(build: BuildOut) -> str:
    told = f"  {build.error}" if build.error else ""
    return f"{build.id}  {build.started_at:%Y-%m-%d %H:%M:%S}Z  {build.state}{told}"
