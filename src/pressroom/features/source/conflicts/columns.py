"""A conflict in two columns, for a person at a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pressroom.features.source.conflicts.service import Shown
from pressroom.features.source.conflicts.side_by_side import Cell


def print_columns(found: Shown) -> None:
    """Prints what was saved here beside what is on disk, as wide as the terminal is."""
    conflict = found.conflict
    title = Text(f"{conflict.path}: “{found.post.title}”")
    table = Table(title=title, expand=True, padding=(0, 1), title_justify="left")
    for heading in ("", "saved here (ours)", "", "on disk (theirs)"):
        table.add_column(heading, ratio=1 if heading else None, justify="left" if heading else "right")
    for stretch in found.hunks:
        for row in stretch.rows:
            is_same = row.kind == "same"
            table.add_row(
                *_cells(row.ours, "" if is_same else "ours"), *_cells(row.theirs, "" if is_same else "theirs")
            )
        table.add_section()
    Console().print(table)
    if conflict.resolution:
        Console().print(f"Over: {conflict.resolution}.")
    else:
        Console().print(f"Decide: pressroom site resolve {conflict.id} --take ours|theirs, or --edit")


def _cells(cell: Cell | None, style: str) -> tuple[Text, Text]:
    """The line's number, and the line with what differs in it."""
    if cell is None:
        return Text(), Text()
    text = Text(cell.text, style=style)
    for start, end in cell.spans:
        text.stylize("bold reverse", start, end)
    return Text(str(cell.number), style="dim"), text
