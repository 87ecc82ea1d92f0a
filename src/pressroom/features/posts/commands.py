"""The slice's commands."""

import typer


def add_commands(app: typer.Typer) -> None:
    """Adds `import`."""
    del app
