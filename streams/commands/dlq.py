"""`escalation dlq`: look at the dead letters, and send them back."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, get_args

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from streams.commands.terminal import console, fail, settings_or_fail
from streams.deadletters import Stage
from streams.dlq.filters import Filter, since
from streams.dlq.letters import Place
from streams.dlq.reading import Known, read_letters, read_one
from streams.dlq.replay import Replayed, replay
from streams.dlq.show import letter_block, letters_table, stats_table
from streams.publisher import Publisher

if TYPE_CHECKING:
    from streams.settings import Settings

app = typer.Typer(help="Dead letters: look at them, send them back.", no_args_is_help=True)

StageOption = Annotated[
    str | None, typer.Option("--stage", help=f"Only of a stage: {', '.join(get_args(Stage))}.")
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", help="Only those that died since: 90m, 2h, 7d, or RFC 3339."),
]
ErrorOption = Annotated[
    str | None, typer.Option("--error", help="Only with this in the error's name or message.")
]


@app.command("list")
def list_letters(
    stage: StageOption = None,
    since: SinceOption = None,
    error: ErrorOption = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List dead letters, and what can be done with each."""
    known = _known(settings_or_fail(), stage, since, error)
    chosen = sorted(known.letters, key=lambda letter: letter.timestamp)[-limit:]
    if as_json:
        for letter in chosen:
            row = msgspec.to_builtins(letter) | {"state": known.state(letter)}
            typer.echo(msgspec.json.encode(row).decode())
        return
    console.print(letters_table(known, chosen))
    if len(chosen) < len(known.letters):
        console.print(f"the newest {len(chosen)} of {len(known.letters)}; --limit shows more")


@app.command()
def show(
    place: Annotated[str, typer.Argument(help="Where it stands, as `list` says: PARTITION:OFFSET")],
    raw: Annotated[bool, typer.Option("--raw", help="The value's bytes and nothing else.")] = False,
) -> None:
    """Show one dead letter: why it is here, its headers, key and value."""
    settings = settings_or_fail()
    record = asyncio.run(read_one(settings, _place(place)))
    if record is None:
        fail(f"there is no dead letter at {place} of {settings.dead_letters_topic}")
    if not raw:
        console.print(letter_block(record))
        return
    if sys.stdout.isatty():
        fail("--raw: bytes from the wire may command a terminal; send them into a file or a pipe")
    sys.stdout.buffer.write(record.value or b"")


@app.command()
def stats(stage: StageOption = None, since: SinceOption = None, error: ErrorOption = None) -> None:
    """Count dead letters by stage, error and state."""
    known = _known(settings_or_fail(), stage, since, error)
    console.print(stats_table(known))


@app.command("replay")
def replay_letters(
    stage: StageOption = None,
    since: SinceOption = None,
    error: ErrorOption = None,
    rate: Annotated[float | None, typer.Option(min=0.001, help="Records a second.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent.")] = False,
) -> None:
    """Send dead letters back to their topic, each once, with its key and headers."""
    settings = settings_or_fail()
    known = _known(settings, stage, since, error)
    try:
        done = asyncio.run(_replay(settings, known, rate, dry_run=dry_run))
    except KeyboardInterrupt:
        fail("stopped; what was sent is marked, and `escalation dlq replay` goes on from there")
    console.print(f"{'would be sent' if dry_run else 'sent'}: {done.sent}")
    for count, why in (
        (done.before, "were sent back before"),
        (
            done.parked,
            f"stay: sent back {settings.replay_attempts} times, or not to be sent at all",
        ),
        (done.foreign, "stay: they are from no topic of ours"),
    ):
        if count:
            console.print(f"{count} {why}")


async def _replay(
    settings: Settings, known: Known, rate: float | None, *, dry_run: bool
) -> Replayed:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    waiting = sum(known.state(letter) == "waiting" for letter in known.letters)
    async with Publisher(settings, on_error=lambda _: None) as publisher:
        with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
            bar = progress.add_task("sending back", total=waiting)
            return await replay(
                settings,
                known,
                publisher,
                rate=rate,
                dry_run=dry_run,
                on_sent=lambda count: progress.advance(bar, count),
            )


def _known(settings: Settings, stage: str | None, after: str | None, error: str | None) -> Known:
    if stage is not None and stage not in get_args(Stage):
        fail(f"--stage: {stage} is none of {', '.join(get_args(Stage))}")
    try:
        start = None if after is None else since(after, datetime.now(UTC))
    except ValueError as wrong:
        fail(f"--since: {wrong}")
    chosen = Filter(stage=stage, error=error, after=start)
    return asyncio.run(read_letters(settings, chosen.passes))


def _place(text: str) -> Place:
    partition, _, offset = text.partition(":")
    if not (partition.isdecimal() and offset.isdecimal()):
        fail(f"{text} is no place; it is PARTITION:OFFSET, as `escalation dlq list` says")
    return Place(int(partition), int(offset))
