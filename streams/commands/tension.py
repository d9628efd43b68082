"""`escalation tension`: how tense it is between states."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from streams.commands.terminal import console, fail, settings_or_fail, tell_error
from streams.records import Tension, decode_tension
from streams.tail import read_records
from streams.tension.picture import overview, portrait, ranked

if TYPE_CHECKING:
    from streams.settings import Settings

app = typer.Typer()


@app.command()
def tension(
    pair: Annotated[
        str | None, typer.Option(help="Only this pair of ISO 3166 codes, such as KHM-THA.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="How many pairs, the tensest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print how tense it is between states, with bars over the last hour, day and week."""
    found = ranked(asyncio.run(_read(settings_or_fail())))
    if pair is not None:
        wanted = tuple(sorted(pair.upper().split("-")))
        found = [each for each in found if each.pair == wanted]
    if as_json:
        for each in found[:top]:
            typer.echo(msgspec.json.encode(each).decode())
    elif pair is not None and found:
        console.print(portrait(found[0]))
    elif found:
        console.print(overview(found[:top]))
    if pair is not None and not found:
        fail(f"--pair: no tension is known of {pair}")


async def _read(settings: Settings) -> list[Tension]:
    found = []
    async for record in read_records(settings, settings.tension_topic):
        try:
            found.append(decode_tension(record.value or b""))
        except msgspec.DecodeError as error:
            tell_error(f"{settings.tension_topic} at offset {record.offset}: {error}")
    return found
