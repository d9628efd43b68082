"""`escalation topics`: the topics that the service needs."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from streams.acls import PARTS, commands
from streams.commands.terminal import console, fail, settings_or_fail, tell_error
from streams.topics import check_topics, create_topics

Parts = Annotated[
    list[str] | None, typer.Option("--for", help=f"Who needs them, of: {', '.join(PARTS)}.")
]

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
        tell_error(fault)
    if faults:
        raise typer.Exit(1)
    console.print("all topics are there and fit together")


@app.command("acls")
def acls(
    principal: Annotated[str, typer.Option(help="Who gets them.")] = "User:escalation",
    parts: Parts = None,
) -> None:
    """Print the `kafka-acls` commands that give just what the service needs."""
    for part in parts or ():
        if part not in PARTS:
            fail(f"--for: {part} is none of {', '.join(PARTS)}")
    chosen = [part for part in PARTS if not parts or part in parts]
    for line in commands(settings_or_fail(), principal, chosen):
        typer.echo(line)
