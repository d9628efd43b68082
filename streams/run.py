"""`escalation run`: everything on one machine, from a broker to alerts on the screen."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from prometheus_client.parser import text_string_to_metric_families
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from streams.console import alert_block
from streams.feed import publish_feed, read_feed
from streams.ledger import Counts, Ledger
from streams.local import Broker, start_broker
from streams.local.process import free_port
from streams.publisher import Publisher
from streams.settings import Settings, load_settings, variable_of
from streams.tail import read_alerts
from streams.topics import create_topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiokafka import TopicPartition
    from rich.console import Console

    from streams.records import Message

DEMO_FEED = Path(__file__).parent / "demo" / "feed.jsonl"
READY_SECONDS = 60
PRINT_SECONDS = 30


class RunError(RuntimeError):
    """The run cannot go on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run."""

    counts: Counts
    scored: int
    seconds: float

    @property
    def adds_up(self) -> bool:
        """Whether every item was scored or dead-lettered, once."""
        return self.scored + self.counts.dead_letters == self.counts.items

    def table(self) -> Table:
        """Return the summary as a table."""
        table = Table(title="What came of it", show_header=True)
        for name in ("items", "scored", "signals", "alerts", "dead letters", "seconds"):
            table.add_column(name, justify="right")
        counts = self.counts
        figures = (counts.items, self.scored, counts.signals, counts.alerts, counts.dead_letters)
        table.add_row(*map(str, figures), f"{self.seconds:.1f}")
        return table


async def run_everything(
    console: Console, feed: Path, *, rate: float | None, until_done: bool
) -> Summary | None:
    """Start what is needed, publish the feed and print alerts as they come.

    Parameters
    ----------
    console
        Where to print.
    feed
        JSON lines to publish.
    rate
        Items a second; None for as fast as they are acknowledged.
    until_done
        Return once every item has come to an end; otherwise go on until cancelled.

    Raises
    ------
    RunError
        The worker does not get ready, or ends.
    """
    with contextlib.ExitStack() as stack:
        settings = stack.enter_context(_brokered(console))
        await create_topics(settings)
        worker = stack.enter_context(_worker(settings))
        await _ready(settings, worker)
        address = page_address(settings)
        console.print(f"page: {address}")
        console.print(f"probes and metrics: {address}readyz, {address}metrics")
        messages = list(read_feed(feed, settings.items_topic))
        async with Ledger(settings) as ledger:
            scored_before = await _scored(settings)
            started = time.perf_counter()
            printer = _Printer(console, settings)
            watching = [
                asyncio.create_task(printer.follow(ledger.opened_at(settings.alerts_topic))),
                asyncio.create_task(_watch(worker)),
            ]
            try:
                work = asyncio.create_task(
                    _publish(console, settings, messages, rate, ledger, until_done=until_done)
                )
                done, _ = await asyncio.wait([work, *watching], return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                seconds = time.perf_counter() - started
                counts = await ledger.counts()
                await asyncio.wait_for(printer.reach(counts.alerts), PRINT_SECONDS)
                scored = await _scored(settings) - scored_before
                return Summary(counts, scored, seconds)
            finally:
                tasks = (work, *watching)
                for task in tasks:
                    task.cancel()
                # Each closes its own client on the way out.
                await asyncio.gather(*tasks, return_exceptions=True)


def page_address(settings: Settings) -> str:
    """Return where the worker's page is, with a slash at the end."""
    # A worker that listens everywhere is found here under this name.
    everywhere = settings.http_host in ("0.0.0.0", "::")  # nosec B104 # noqa: S104 - compared
    host = "localhost" if everywhere else settings.http_host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/"


@contextlib.contextmanager
def _brokered(console: Console) -> Iterator[Settings]:
    """Yield settings that point to a broker: the given one, or a local one for this run."""
    if os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        settings = load_settings()
        console.print(f"broker: {settings.kafka_bootstrap_servers} (as told)")
        yield _with_free_port(settings)
        return
    with tempfile.TemporaryDirectory(prefix="escalation-") as data:
        cache = load_settings().cache
        broker: Broker = start_broker(Path(data), cache, console.print)
        try:
            console.print(f"broker: {broker.kind} on {broker.bootstrap_servers}")
            yield _with_free_port(load_settings(kafka_bootstrap_servers=broker.bootstrap_servers))
        finally:
            broker.stop()


def _with_free_port(settings: Settings) -> Settings:
    with socket.socket() as probe:
        busy = probe.connect_ex((settings.http_host, settings.http_port)) == 0
    port = free_port() if busy or settings.http_port == 0 else settings.http_port
    return settings.model_copy(update={"http_port": port})


@contextlib.contextmanager
def _worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker for all stages as a process of its own; stop it in order at the end."""
    told = {
        variable_of("kafka_bootstrap_servers"): settings.kafka_bootstrap_servers,
        variable_of("http_port"): str(settings.http_port),
        # A feed is a replay: its days are over, and pass as fast as they are read.
        variable_of("time_source"): os.environ.get(variable_of("time_source"), "event"),
        variable_of("log_level"): os.environ.get(variable_of("log_level"), "warning"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "worker", "--stage", "all"],
        env={**os.environ, **told},
        # Ctrl-C reaches us first; we stop the worker in order.
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(settings.grace_period + 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _ready(settings: Settings, worker: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    url = f"http://{settings.http_host}:{settings.http_port}/readyz"
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline:
            if worker.poll() is not None:
                raise RunError(f"the worker ended with exit code {worker.returncode}")
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url) as response:
                    if response.status == HTTPStatus.OK:
                        return
            await asyncio.sleep(0.1)
    raise RunError(f"the worker was not ready within {READY_SECONDS} seconds; see {url}")


async def _watch(worker: subprocess.Popen[bytes]) -> None:
    while worker.poll() is None:  # noqa: ASYNC110 - a process, which has no event of ours
        await asyncio.sleep(0.5)
    raise RunError(f"the worker ended with exit code {worker.returncode}")


async def _publish(
    console: Console,
    settings: Settings,
    messages: Sequence[Message],
    rate: float | None,
    ledger: Ledger,
    *,
    until_done: bool,
) -> None:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as progress:
        bar = progress.add_task("feeding items", total=len(messages))
        async with Publisher(settings, on_error=lambda _: None) as publisher:
            await publish_feed(
                messages, publisher, rate=rate, on_sent=lambda count: progress.advance(bar, count)
            )
        if until_done:
            progress.update(bar, description="waiting for the last item")
            await ledger.wait_until_done()
            return
    console.print("the feed is over; waiting for more items (Ctrl-C ends)")
    await asyncio.Event().wait()


class _Printer:
    """Prints alerts as they come, and knows how many."""

    def __init__(self, console: Console, settings: Settings) -> None:
        self._console = console
        self._settings = settings
        self._printed = 0

    async def follow(self, start: dict[TopicPartition, int]) -> None:
        async for alert in read_alerts(self._settings, start=start, follow=True):
            self._console.print(alert_block(alert))
            self._printed += 1

    async def reach(self, count: int) -> None:
        while self._printed < count:  # noqa: ASYNC110 - the limit is the caller's
            await asyncio.sleep(0.05)


async def _scored(settings: Settings) -> int:
    """Return how many items the worker has scored, from its own metrics."""
    url = f"http://{settings.http_host}:{settings.http_port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        text = await response.text()
    return int(
        sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "escalation_items_total" and sample.labels["outcome"] != "dead_letter"
        )
    )
