"""`escalation incidents`: incidents as the alerts on the topic tell them."""

from __future__ import annotations

import asyncio
from pathlib import Path  # noqa: TC003 - typer reads annotations at run time
from typing import Annotated

import typer
from rich.table import Table

from streams.commands.terminal import console, fail, settings_or_fail
from streams.console import COLOURS, printable
from streams.incidents.picture import timeline_svg
from streams.incidents.timeline import Timeline, timeline_table, timelines
from streams.tail import read_alerts

app = typer.Typer(help="Incidents and how they went on.", no_args_is_help=True)

ABOUT = 60
"""Characters of a headline in the list."""


@app.command("list")
def list_incidents(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
) -> None:
    """List incidents, the latest change last."""
    table = Table("incident", "about", "severity", "step", "sources", "last seen", "headline")
    for line in asyncio.run(_timelines()):
        last = line.last
        if last.step == "closed" and not every:
            continue
        table.add_row(
            last.incident,
            printable(last.key),
            f"[{COLOURS.get(last.severity, '')}]{last.severity}[/]",
            last.step,
            str(last.source_count),
            f"{last.last_seen:%Y-%m-%d %H:%M}" if last.last_seen else "",
            printable(last.headline)[:ABOUT],
        )
    console.print(table)


@app.command()
def show(
    incident: Annotated[str, typer.Argument(help="Its id, or the beginning of it.")],
    svg: Annotated[
        Path | None, typer.Option(help="Write a picture of the timeline to this file.")
    ] = None,
) -> None:
    """Print the timeline of an incident: each step, and what made it worth telling."""
    found = [line for line in asyncio.run(_timelines()) if line.last.incident.startswith(incident)]
    if len(found) != 1:
        fail(f"{incident}: {'no incident' if not found else f'{len(found)} incidents'} of that id")
    [line] = found
    console.print(timeline_table(line))
    if svg is not None:
        svg.write_text(timeline_svg(line), encoding="utf-8")
        console.print(f"picture: {svg}")


async def _timelines() -> list[Timeline]:
    alerts = [alert async for alert in read_alerts(settings_or_fail(), follow=False)]
    return timelines(alerts)
