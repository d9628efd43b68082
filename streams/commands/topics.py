"""`escalation topics`: the topics that the service needs."""

from __future__ import annotations

import asyncio

import typer

from streams.commands.terminal import console, errors, settings_or_fail
from streams.topics import check_topics, create_topics

app = typer.Typer(help="The topics that the service needs.", no_args_is_help=True)


@app.command()
def create() -> None:
    """Create the topics that are missing."""
    made = asyncio.run(create_topics(settings_or_fail()))
    console.print(f"created: {', '.join(made)}" if made else "all topics are there")


@app.command()
def check() -> None:
    """Check that the topics are there and fit together; exit code 1 when not."""
    faults = asyncio.run(check_topics(settings_or_fail()))
    for fault in faults:
        errors.print(fault, style="red")
    if faults:
        raise typer.Exit(1)
    console.print("all topics are there and fit together")
