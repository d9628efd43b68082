"""`escalation alerts`: read the alerts that are on the topic."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from streams.commands.terminal import console, fail, settings_or_fail
from streams.console import alert_block
from streams.moments import offsets_at, parse_moment
from streams.selection import SEVERITIES, Selection, SelectionError
from streams.tail import read_alerts

if TYPE_CHECKING:
    from streams.settings import Settings

app = typer.Typer()


@app.command()
def alerts(
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new alerts.")] = False,
    since: Annotated[
        str | None, typer.Option(help="Published since then: 30m, 2h, 7d ago, or RFC 3339.")
    ] = None,
    min_severity: Annotated[
        str | None, typer.Option(help=f"At least: {', '.join(SEVERITIES)}.")
    ] = None,
    cue: Annotated[list[str] | None, typer.Option(help="With this cue; repeat for more.")] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(help="About this country, name or ISO code; repeat for more."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print the alerts that are on the topic."""
    try:
        wanted = Selection.of(min_severity=min_severity, cues=cue or (), countries=country or ())
        moment = parse_moment(since, datetime.now(UTC)) if since is not None else None
    except (SelectionError, ValueError) as error:
        fail(str(error))
    try:
        asyncio.run(_print(settings_or_fail(), wanted, moment, follow=follow, as_json=as_json))
    except KeyboardInterrupt:
        return


async def _print(
    settings: Settings, wanted: Selection, since: datetime | None, *, follow: bool, as_json: bool
) -> None:
    start = await offsets_at(settings, settings.alerts_topic, since) if since else None
    async for alert in read_alerts(settings, start=start, follow=follow):
        if not wanted.matches(alert):
            continue
        if as_json:
            typer.echo(msgspec.json.encode(alert).decode())
        else:
            console.print(alert_block(alert))
