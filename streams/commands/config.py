"""`escalation config`: the effective settings."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from streams.commands.terminal import console, settings_or_fail
from streams.settings import effective, settings_table

app = typer.Typer()


@app.command()
def config(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The table of all settings, for the README.")
    ] = False,
) -> None:
    """Print the effective settings, secrets masked."""
    if markdown:
        typer.echo(settings_table())
        return
    table = Table("variable", "value")
    for name, value in effective(settings_or_fail()).items():
        table.add_row(name, value)
    console.print(table)
