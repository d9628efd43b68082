"""`escalation alerts`: read the alerts that are on the topic."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
import typer

from streams.commands.terminal import console, settings_or_fail
from streams.console import alert_block
from streams.tail import read_alerts

app = typer.Typer()


@app.command()
def alerts(
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new alerts.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print the alerts that are on the topic."""
    settings = settings_or_fail()

    async def tail() -> None:
        async for alert in read_alerts(settings, follow=follow):
            if as_json:
                typer.echo(msgspec.json.encode(alert).decode())
            else:
                console.print(alert_block(alert))

    try:
        asyncio.run(tail())
    except KeyboardInterrupt:
        return
