"""The command line, `escalation`."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import msgspec
import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.table import Table

import classifier
from classifier.cli import app as classifier_app
from classifier.cli import train
from streams import topics as topic_admin
from streams.console import alert_block
from streams.feed import publish_feed, read_feed
from streams.local import BrokerError
from streams.publisher import Publisher
from streams.run import DEMO_FEED, RunError, run_everything
from streams.settings import Settings, SettingsError, effective, load_settings, settings_table
from streams.tail import read_alerts
from streams.worker import run_worker

if TYPE_CHECKING:
    from streams.app import Stage

app = typer.Typer(
    help="Find the steps towards a war in news as it is published.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
# train, score, evaluate, model and corpus need no Kafka and belong to the classifier.
app.registered_commands += classifier_app.registered_commands
app.registered_groups += classifier_app.registered_groups

topics_app = typer.Typer(help="The topics that the service needs.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")

console = Console()
errors = Console(stderr=True)

FeedFile = Annotated[
    Path, typer.Option("--feed", exists=True, dir_okay=False, help="JSON lines to publish.")
]
Rate = Annotated[float | None, typer.Option(min=0.001, help="Items a second.")]


@app.command()
def run(
    feed: FeedFile = DEMO_FEED,
    rate: Rate = None,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="End when every item has come to an end.")
    ] = False,
) -> None:
    """Run everything here: a local broker, a worker, a feed, and alerts on the screen."""
    _ensure_model()
    if rate is None and not until_done:
        rate = 2.0
    # The broker and the worker are processes of ours: SIGTERM must end them as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        summary = asyncio.run(run_everything(console, feed, rate=rate, until_done=until_done))
    except KeyboardInterrupt:
        console.print("stopped")
        return
    except RunError as error:
        _fail(str(error))
    if summary is None:
        return
    console.print(summary.table())
    if not summary.adds_up:
        _fail("items scored and dead letters do not add up to the items sent")


@app.command()
def worker(
    stage: Annotated[str, typer.Option(help="score, incidents or all.")] = "all",
) -> None:
    """Run a worker until it is told to stop."""
    if stage not in ("score", "incidents", "all"):
        _fail(f"--stage: {stage} is none of score, incidents, all")
    chosen: Stage = stage  # type: ignore[assignment]  # checked above
    try:
        run_worker(_settings(), chosen)
    except classifier.BundleError as error:
        _fail(f"model: {error}")


@app.command()
def feed(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)] = DEMO_FEED,
    rate: Rate = None,
) -> None:
    """Publish a file of items, one record a line, to the items topic."""
    settings = _settings()
    messages = list(read_feed(file, settings.items_topic))

    async def publish() -> None:
        publisher = Publisher(settings, on_error=lambda _: None)
        async with publisher:
            await publish_feed(messages, publisher, rate=rate)

    asyncio.run(publish())
    console.print(f"{len(messages)} records sent to {settings.items_topic}")


@app.command()
def alerts(
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new alerts.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print the alerts that are on the topic."""
    settings = _settings()

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


@topics_app.command("create")
def topics_create() -> None:
    """Create the topics that are missing."""
    made = asyncio.run(topic_admin.create_topics(_settings()))
    console.print(f"created: {', '.join(made)}" if made else "all topics are there")


@topics_app.command("check")
def topics_check() -> None:
    """Check that the topics are there and fit together; exit code 1 when not."""
    faults = asyncio.run(topic_admin.check_topics(_settings()))
    for fault in faults:
        errors.print(fault, style="red")
    if faults:
        raise typer.Exit(1)
    console.print("all topics are there and fit together")


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
    for name, value in effective(_settings()).items():
        table.add_row(name, value)
    console.print(table)


def _ensure_model() -> None:
    """Train the default model when there is none and no other is configured."""
    settings = _settings()
    if settings.model_path is None and not classifier.default_bundle_path().exists():
        console.print("there is no model yet; training it once")
        train()


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    errors.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(1)


def main() -> None:
    """Run the command line; an error that a user can mend is one line and exit code 1."""
    try:
        app()
    except (SettingsError, BrokerError, classifier.BundleError, KafkaError) as error:
        errors.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
