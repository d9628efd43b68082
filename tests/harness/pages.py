"""The page without a broker: topics as lists, and a server in a thread that can be restarted."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from aiohttp import web
from prometheus_client import CollectorRegistry

from streams.delivery.page.api import Api
from streams.delivery.page.desk import Desk
from streams.delivery.page.events import Events
from streams.delivery.page.feedback import FeedbackDesk
from streams.delivery.page.service import add_page
from streams.delivery.page.store import AlertStore
from streams.delivery.page.tokens import Tokens
from streams.local.process import free_port
from streams.metrics import Metrics
from streams.records import Message, Tension, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from harness.fiction import Told

TOKEN = "a-token-for-tests-only"
PARTITIONS = 4


class Row(NamedTuple):
    """A record as the consumer would give it."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class Topic:
    """The alerts topic: a list of records for each partition, which outlives a server."""

    def __init__(self, partitions: int = PARTITIONS) -> None:
        self.rows: list[list[Row]] = [[] for _ in range(partitions)]

    def add(self, value: bytes, told: int, key: str) -> Row:
        """Append a record to the partition of its key."""
        partition = sum(key.encode()) % len(self.rows)
        row = Row(partition, len(self.rows[partition]), told, key.encode(), value)
        self.rows[partition].append(row)
        return row

    def add_alerts(self, steps: Iterable[Told]) -> list[Row]:
        """Append alerts, each keyed by its incident."""
        return [self.add(encode(step.alert), step.told, step.alert.incident) for step in steps]


@dataclass
class Sent:
    """A publisher that keeps what it is given."""

    messages: list[Message] = field(default_factory=list)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Acknowledge at once."""
        self.messages += messages


class Built(NamedTuple):
    """A page on an application that does not listen yet."""

    app: web.Application
    desk: Desk
    events: Events
    metrics: Metrics
    sent: Sent


def build_page(
    topic: Topic | None = None,
    *,
    tokens: dict[str, str] | None = None,
    most_alerts: int = 10_000,
    most_clients: int = 1000,
    heartbeat: float = 15.0,
    patience: float = 20.0,
) -> Built:
    """Return a page that has read the topic back; it must be called in a running loop."""
    metrics, sent, app = Metrics(CollectorRegistry()), Sent(), web.Application()
    desk = Desk(AlertStore(most_alerts, 1 << 30), metrics)
    events = Events(desk, metrics, most_clients, heartbeat=heartbeat, patience=patience)
    who = Tokens(tokens or {})
    feedback = FeedbackDesk(desk, who, sent, "feedback", metrics)
    add_page(app, desk, Api(desk, feedback=bool(who)), events, feedback)
    if topic is not None:
        desk.load(topic.rows, dict.fromkeys(range(len(topic.rows)), 0))
    return Built(app, desk, events, metrics, sent)


class PageServer:
    """A page that listens, in a thread of its own, so that a browser can look at it."""

    def __init__(self, topic: Topic | None = None, **options: Any) -> None:
        self.topic = topic or Topic()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None
        self.built: Built | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def start(self) -> None:
        """Listen, with what the topic holds read back."""
        self.run(self._start())

    def stop(self) -> None:
        """Stop as a worker does."""
        self.run(self._stop())

    def publish(self, step: Told) -> None:
        """Put an alert on the topic, and before the page when it runs."""
        rows = self.topic.add_alerts([step])
        if self._runner is not None:
            self.do(lambda built: built.desk.take_alert(rows[0]))

    def publish_tension(self, records: Iterable[Tension]) -> None:
        """Put tension before the page and tell it."""
        rows = [
            Row(0, offset, int(each.at.timestamp() * 1000), None, encode(each))
            for offset, each in enumerate(records)
        ]

        def take(built: Built) -> None:
            for row in rows:
                built.desk.take_tension(row)
            built.desk.tell_tension()

        self.do(take)

    def do(self, act: Callable[[Built], Any]) -> Any:
        """Return what a call gives that is made in the server's loop."""
        made: Future[Any] = Future()

        def call() -> None:
            assert self.built is not None
            made.set_result(act(self.built))

        self._loop.call_soon_threadsafe(call)
        return made.result(30)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Return when the coroutine has ended in the server's loop."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        self.built = build_page(self.topic, **self._options)
        self._runner = web.AppRunner(self.built.app, access_log=None, shutdown_timeout=3)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def _stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
