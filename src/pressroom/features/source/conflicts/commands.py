"""`pressroom site conflicts` and `resolve`: what the panel does with conflicts, on the command line."""

import os
import shlex
import shutil
import subprocess
import sys
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from pressroom.kernel.auth import OPERATOR
from pressroom.kernel.command import JsonFlag, YesFlag, answer, confirm, fail, run
from pressroom.kernel.services import Services

if TYPE_CHECKING:
    from pressroom.features.posts.service.shelf import Named
    from pressroom.features.source.conflicts.service import Choice, Shown

ConflictId = Annotated[UUID, typer.Argument(metavar="ID", help="The conflict's id, from `pressroom site conflicts`.")]
_ALL = 1_000_000


class Side(StrEnum):
    """Which of the two texts."""

    ours = "ours"
    theirs = "theirs"


def add_to(site: typer.Typer) -> None:
    """Adds the commands to the site's group."""
    site.command("conflicts")(show_conflicts)
    site.command("resolve")(resolve)


def show_conflicts(
    ctx: typer.Context,
    conflict_id: Annotated[UUID | None, typer.Argument(metavar="ID", help="Show both texts of this one.")] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    """List posts that were changed here and on disk in the same places; with an ID, both texts side by side."""
    if conflict_id is None:
        _list(ctx, as_json=as_json)
        return
    found = run(ctx, lambda services: _get(services, conflict_id))
    if not as_json and sys.stdout.isatty():
        from pressroom.features.source.conflicts.columns import print_columns  # noqa: PLC0415  # only for a person

        print_columns(found)
        return
    answer(_as_json(found) if as_json else None, as_json=as_json, text=lambda: _as_text(found))


def resolve(  # one argument for each option
    ctx: typer.Context,
    conflict_id: ConflictId,
    *,
    take: Annotated[Side | None, typer.Option(help="`ours`: what was saved here. `theirs`: what is on disk.")] = None,
    text: Annotated[Path | None, typer.Option(help="A file that holds the whole text.", dir_okay=False)] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Write it in $EDITOR, beginning with both sides.")] = False,
    yes: YesFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """End a conflict: take one of the two texts, or write your own. Both stay versions of the post."""
    if [take is not None, text is not None, edit].count(True) != 1:
        fail("Say one of --take ours, --take theirs, --text FILE and --edit.")
    found = run(ctx, lambda services: _get(services, conflict_id))
    written = _edited(found) if edit else text
    choice = _choice(take, written)
    confirm(f"Let {found.conflict.path} hold {_named(choice)}?", yes=yes)
    done = run(ctx, lambda services: _resolve(services, found, choice))
    if edit and written:
        shutil.rmtree(written.parent)
    told = f"Resolved. {done.conflict.path} holds {_named(choice)}; both texts are versions of “{done.post.title}”."
    answer(_as_json(done) if as_json else None, as_json=as_json, text=lambda: told)


async def _get(services: Services, conflict_id: UUID) -> "Shown":
    from pressroom.features.source.conflicts.service import Conflicts  # noqa: PLC0415  # only here

    return await Conflicts(services).get(OPERATOR, conflict_id)


async def _resolve(services: Services, found: "Shown", choice: "Choice") -> "Shown":
    from pressroom.features.source.conflicts.service import Conflicts  # noqa: PLC0415  # only here
    from pressroom.kernel.preconditions import Precondition, etag  # noqa: PLC0415  # only here

    seen = Precondition(frozenset({etag(found.conflict.version)}))
    return await Conflicts(services).resolve(OPERATOR, found.conflict.id, choice, wanted=seen)


def _list(ctx: typer.Context, *, as_json: bool) -> None:
    async def work(services: Services) -> "list[tuple[Any, Named]]":
        from pressroom.features.source.conflicts.service import Conflicts  # noqa: PLC0415  # only here

        found, _ = await Conflicts(services).list(OPERATOR, limit=_ALL, offset=0)
        return list(found)

    found = run(ctx, work)
    from pressroom.features.source.conflicts.answers import card  # noqa: PLC0415  # only here

    answer(
        [card(row, post).model_dump(mode="json") for row, post in found],
        as_json=as_json,
        text=lambda: "\n".join(_line(row, post) for row, post in found) or "No conflicts.",
    )


def _line(row: Any, post: "Named") -> str:
    return f"{row.id}  {row.created_at:%Y-%m-%d %H:%M}Z  {row.path}  “{post.title}”"


def _choice(take: Side | None, written: Path | None) -> "Choice":
    from pressroom.features.source.conflicts.service import Choice  # noqa: PLC0415  # only here

    return Choice(take=take.value) if take else Choice(text=_read(written) if written else "")


def _named(choice: "Choice") -> str:
    if choice.take is None:
        return "your text"
    return "what was saved here" if choice.take == "ours" else "what is on disk"


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        fail(f"{path} is not UTF-8.")


def _edited(found: "Shown") -> Path:
    """Where a person has written one text of both, in an editor; it stays there until the conflict is over."""
    from pressroom.features.source.conflicts.markers import is_undecided, marked  # noqa: PLC0415  # only here

    conflict = found.conflict
    path = Path(mkdtemp(prefix="pressroom-")) / Path(conflict.path).name
    path.write_bytes(marked(conflict.base, conflict.ours, conflict.theirs).encode())
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(editor), str(path)], check=True)  # noqa: S603  # the person's own editor
    except (OSError, subprocess.CalledProcessError) as error:
        fail(f"{editor} failed: {error}. Nothing was changed.")
    typer.echo(f"Your text is in {path}.", err=True)
    if is_undecided(_read(path)):
        fail(f"Conflict markers are left in it. Finish it, then: pressroom site resolve {conflict.id} --text {path}")
    return path


def _as_json(found: "Shown") -> dict[str, Any]:
    from pressroom.features.source.conflicts.answers import whole  # noqa: PLC0415  # only here

    return whole(found).model_dump(mode="json")


def _as_text(found: "Shown") -> str:
    """Both texts for a program that reads lines: what was saved here as removed, what is on disk as added."""
    lines = [f"{found.conflict.path}: “{found.post.title}”", "--- saved here", "+++ on disk"]
    for stretch in found.hunks:
        first = stretch.rows[0]
        lines.append(f"@@ -{first.ours.number if first.ours else 0} +{first.theirs.number if first.theirs else 0} @@")
        for is_same, rows in groupby(stretch.rows, key=lambda row: row.kind == "same"):
            pairs = list(rows)
            mark = " " if is_same else "-"
            lines += [f"{mark}{row.ours.text}" for row in pairs if row.ours]
            lines += [f"+{row.theirs.text}" for row in pairs if row.theirs and not is_same]
    return "\n".join(lines)
