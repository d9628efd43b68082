"""`escalation feedback`: give a verdict on an incident; export what verdicts teach."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads annotations at run time
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from streams.commands.terminal import console, fail, settings_or_fail
from streams.console import printable
from streams.feedback import feedback_message
from streams.feedback.topics import labelled_items, latest_alert
from streams.publisher import Publisher
from streams.records import Alert, Feedback
from streams.records.feedback import Reason, Verdict

if TYPE_CHECKING:
    from streams.settings import Settings

app = typer.Typer(help="Analysts' verdicts on incidents.", no_args_is_help=True)

REASONS = get_args(Reason)


@app.command()
def send(
    incident: Annotated[str, typer.Argument(help="The incident's id, as its alerts have it.")],
    confirm: Annotated[bool, typer.Option("--confirm", help="It is the real thing.")] = False,
    dismiss: Annotated[
        str | None, typer.Option(metavar="REASON", help=f"It is not: {', '.join(REASONS)}.")
    ] = None,
    note: Annotated[
        str,
        typer.Option(help="In your words; with wrong_cue: the right labels, and only those."),
    ] = "",
    by: Annotated[str, typer.Option(envvar="USER", help="Who says so.")] = "",
) -> None:
    """Send a verdict: confirm, dismiss for a reason, or only a note."""
    if dismiss is not None and dismiss not in REASONS:
        fail(f"--dismiss: {dismiss} is none of {', '.join(REASONS)}")
    if confirm and dismiss is not None:
        fail("--confirm and --dismiss: only one of them")
    if not (confirm or dismiss or note):
        fail("say --confirm, --dismiss REASON or --note TEXT")
    verdict: Verdict = "confirm" if confirm else "dismiss" if dismiss else "note"
    settings = settings_or_fail()

    async def find_and_send() -> Alert | None:
        alert = await latest_alert(settings, incident)
        if alert is None:
            return None
        given = Feedback(
            id=uuid.uuid4().hex,
            incident=incident,
            key=alert.key,
            alert=alert.id,
            verdict=verdict,
            reason=dismiss,  # type: ignore[arg-type]  # checked above
            note=note,
            by=by,
            at=datetime.now(UTC),
        )
        await _publish(settings, given)
        return alert

    about = asyncio.run(find_and_send())
    if about is None:
        fail(f"no alert of incident {incident} is on {settings.alerts_topic}")
    console.print(f"{verdict}: {printable(about.headline or about.id)}", markup=False)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="JSON lines are written here.")],
    since: Annotated[
        datetime | None, typer.Option(help="Only verdicts from this time on (UTC).")
    ] = None,
) -> None:
    """Write what the verdicts teach, a labelled line each, for `escalation train --extra FILE`."""
    start = since.replace(tzinfo=UTC) if since is not None else None
    lines, left_out = asyncio.run(labelled_items(settings_or_fail(), start))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{file}: {error.strerror}")
    console.print(f"{len(lines)} labelled lines written to {file}", highlight=False)
    for why, count in left_out.items():
        console.print(f"{count} verdicts left out: {why}", highlight=False)


async def _publish(settings: Settings, given: Feedback) -> None:
    async with Publisher(settings, on_error=lambda _: None) as publisher:
        await publisher.publish([feedback_message(given, settings.feedback_topic)])
