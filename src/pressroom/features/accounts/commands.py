"""`pressroom user …` and `pressroom token …`."""

import typer


def add_to(cli: typer.Typer) -> None:
    """Adds the slice's commands."""
