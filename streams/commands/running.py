"""`escalation run`, `worker` and `feed`: what moves items."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated, get_args

import typer

import classifier
from classifier.cli import train
from streams.app import Stage
from streams.commands.terminal import console, fail, settings_or_fail
from streams.feed import publish_feed, read_feed
from streams.publisher import Publisher
from streams.run import DEMO_FEED, RunError, page_address, run_everything
from streams.worker import run_worker

app = typer.Typer()

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
        fail(str(error))
    if summary is None:
        return
    console.print(summary.table())
    if not summary.adds_up:
        fail("items scored and dead letters do not add up to the items sent")


@app.command()
def worker(
    stage: Annotated[str, typer.Option(help=f"One of: {', '.join(get_args(Stage))}.")] = "all",
) -> None:
    """Run a worker until it is told to stop."""
    if stage not in get_args(Stage):
        fail(f"--stage: {stage} is none of {', '.join(get_args(Stage))}")
    chosen: Stage = stage  # type: ignore[assignment]  # checked above
    try:
        run_worker(settings_or_fail(), chosen)
    except classifier.BundleError as error:
        fail(f"model: {error}")


@app.command()
def page() -> None:
    """Serve the page alone; a worker of stage `all` serves it too."""
    settings = settings_or_fail()
    console.print(f"page: {page_address(settings)}")
    run_worker(settings, "page")


@app.command()
def feed(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)] = DEMO_FEED,
    rate: Rate = None,
) -> None:
    """Publish a file of items, one record a line, to the items topic."""
    settings = settings_or_fail()
    messages = list(read_feed(file, settings.items_topic))

    async def publish() -> None:
        publisher = Publisher(settings, on_error=lambda _: None)
        async with publisher:
            await publish_feed(messages, publisher, rate=rate)

    asyncio.run(publish())
    console.print(f"{len(messages)} records sent to {settings.items_topic}")


def _ensure_model() -> None:
    """Train the default model when there is none that fits and no other is configured."""
    if settings_or_fail().model_path is not None:
        return
    try:
        classifier.load()
    except classifier.BundleError as error:
        console.print(f"{error}; training it once")
        train()
