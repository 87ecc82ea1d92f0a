"""`pressroom db`: the schema."""

from typing import Annotated

import typer

from pressroom.kernel.command import JsonFlag, YesFlag, answer, confirm, fail, run
from pressroom.kernel.db.migrate import Migrations
from pressroom.kernel.services import Services

cli = typer.Typer(help="The database's schema: upgrade, downgrade, check.", no_args_is_help=True)


def add_to(parent: typer.Typer) -> None:
    """Adds this group."""
    parent.add_typer(cli, name="db")


def migrations(services: Services) -> Migrations:
    """The migrations of these services' database."""
    return Migrations(services.database, data=services.settings.data, clock=services.clock)


@cli.command()
def upgrade(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Bring the schema up to date. SQLite is copied into the data folder's `backups` first."""

    async def work(services: Services) -> tuple[bool, str | None]:
        changed = await migrations(services).upgrade()
        return changed, await migrations(services).current()

    changed, current = run(ctx, work, upgrade=False)
    words = f"Upgraded to {current}." if changed else f"Already up to date ({current})."
    answer({"changed": changed, "revision": current}, as_json=as_json, text=lambda: words)


@cli.command()
def downgrade(
    ctx: typer.Context,
    revision: Annotated[str, typer.Argument(help="Where to go back to: a revision, `-1` for one step, or `base`.")],
    yes: YesFlag = False,  # noqa: FBT002  # Typer's way
    as_json: JsonFlag = False,  # noqa: FBT002  # Typer's way
) -> None:
    """Take the schema back. What only the newer schema can hold is lost; SQLite is copied first."""
    confirm(f"Take the schema back to {revision}? What only the newer one can hold is lost.", yes=yes)

    async def work(services: Services) -> str | None:
        await migrations(services).downgrade(revision)
        return await migrations(services).current()

    current = run(ctx, work, upgrade=False)
    answer({"revision": current}, as_json=as_json, text=lambda: f"The schema is at {current or 'nothing'} now.")


@cli.command()
def check(ctx: typer.Context, as_json: JsonFlag = False) -> None:  # noqa: FBT002  # Typer's way
    """Say whether the schema is up to date and equal to what the program expects; exit 1 when it is not."""

    async def work(services: Services) -> dict[str, object]:
        history = migrations(services)
        current = await history.current()
        differences = [str(difference) for difference in await history.differences()] if current else []
        return {"revision": current, "newest": history.head(), "differences": differences}

    found = run(ctx, work, upgrade=False)
    well = found["revision"] == found["newest"] and not found["differences"]
    answer(found, as_json=as_json, text=lambda: f"Schema {found['revision']}, newest {found['newest']}.")
    if not well:
        fail("The schema is not what this program expects. Run: pressroom db upgrade")
