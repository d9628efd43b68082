"""`escalation contract`: the wire contract as AsyncAPI and JSON Schemas."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations at run time
from typing import Annotated

import typer

from streams.commands.terminal import console, fail
from streams.contract import contract_files
from streams.docs import CONTRACT, complaint, contract_parts, stale, write

app = typer.Typer()


@app.command()
def contract(
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Directory to write the files to.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Only tell whether the files there are as they should be."),
    ] = False,
) -> None:
    """Print the AsyncAPI document, write it with the JSON Schemas, or check what is written."""
    directory = out or CONTRACT
    if check:
        old = stale(contract_parts(directory))
        if old:
            fail(
                "\n".join(
                    complaint(part, f"`escalation contract --out {directory}`") for part in old
                )
            )
        console.print(f"{directory} is up to date")
    elif out is not None:
        write(contract_parts(out))
        console.print(f"{len(contract_files())} files written to {out}")
    else:
        typer.echo(contract_files()["asyncapi.json"], nl=False)
