"""The slice's commands."""

import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pressroom.kernel.command import JsonFlag, answer, fail, run
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pressroom.features.posts.filling import Writer
    from pressroom.features.posts.importing.report import Report

importing = typer.Typer(name="import", help="Bring posts in from elsewhere.", no_args_is_help=True)


class Arrival(StrEnum):
    """As what posts arrive."""

    draft = "draft"
    as_is = "as-is"


def add_commands(app: typer.Typer) -> None:
    """Adds `import`."""
    app.add_typer(importing)


@importing.command("markdown")
def import_markdown(  # one argument for each option
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder of .md and .markdown files.", exists=True, file_okay=False)],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    status: Annotated[
        Arrival, typer.Option(help="`as-is`: published unless the file says draft; `draft`: nothing goes live.")
    ] = Arrival.as_is,
    author: Annotated[str, typer.Option(help="The username that the posts belong to.")] = "",
    source: Annotated[str, typer.Option(help="What to call the folder, where two have the same name.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Imports a folder of Markdown with front matter.

    Run it again after you have changed files: what is the same stays, what changed is updated, and a post that
    was changed in Pressroom since is kept. Ends with 1 when a file could not be imported; the others are there.
    """

    async def work(services: Services) -> "Report":
        from pressroom.features.posts.importing.run import Import, import_folder  # noqa: PLC0415  # only for imports

        writer = await _writer(services, author)
        wanted = Import(
            folder, source or folder.resolve().name, as_drafts=status is Arrival.draft, dry_run=dry_run, writer=writer
        )
        with _progress(quiet=as_json) as told:
            return await import_folder(services, wanted, told=told)

    report = run(ctx, work)
    answer(report.as_json(), as_json=as_json, text=report.as_text)
    if report.failed:
        raise typer.Exit(1)


async def _writer(services: Services, username: str) -> "Writer | None":
    from pressroom.features.accounts.service import find_person  # noqa: PLC0415  # only for imports
    from pressroom.features.posts.filling import Writer  # noqa: PLC0415  # the same

    if not username:
        return None
    async with services.reading() as session:
        person = await find_person(session, username)
    if person is None:
        fail(f"Nobody is called {username}. `pressroom user list` shows who there is.")
    return Writer(person.id, person.display_name, person.username)


@contextmanager
def _progress(*, quiet: bool) -> "Iterator[Callable[[int, int], None]]":
    """A bar on standard error, where a person watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415  # only where a person watches
    from rich.progress import Progress  # noqa: PLC0415  # the same

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importing")
        yield lambda done, total: bar.update(task, completed=done, total=total)
