"""The desk: every record that comes in is put in its place and told to the clients."""

from __future__ import annotations

import asyncio
import heapq
from typing import TYPE_CHECKING, Protocol

import msgspec
import structlog

from streams.delivery.page.feed import Feed, frame
from streams.delivery.page.position import written
from streams.delivery.page.tension import TensionBoard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streams.delivery.page.store import AlertStore, Entry
    from streams.metrics import Metrics

log = structlog.get_logger(__name__)

NOT_A_RECORD = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Record(Protocol):
    """What of a consumer record counts here."""

    @property
    def partition(self) -> int:
        """Of its topic."""

    @property
    def offset(self) -> int:
        """In its partition."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970."""

    @property
    def key(self) -> bytes | None:
        """As published."""

    @property
    def value(self) -> bytes | None:
        """As published."""


class Desk:
    """The state of the page, and the feed of what changes in it.

    Attributes
    ----------
    loaded
        Set once the past was read back; no client is answered before.
    fresh
        Whether the broker answers, so that silence means that there is no news.
    """

    def __init__(self, store: AlertStore, metrics: Metrics) -> None:
        self.store = store
        self.tension = TensionBoard()
        self.feed = Feed()
        self.loaded = asyncio.Event()
        self.fresh = True
        self._metrics = metrics

    @property
    def position(self) -> str:
        """Where a client stands that has seen everything."""
        return written(self.store.position)

    def load(self, past: Sequence[Iterable[Record]], starts: Mapping[int, int]) -> None:
        """Fill the store with the past, one sequence for each partition, merged by their time."""
        self.store.begin(starts)
        for record in heapq.merge(*past, key=lambda record: record.timestamp):
            self._add(record)
        self._measure()
        self.loaded.set()
        log.info("page_loaded", alerts=len(self.store), bytes=self.store.size)

    def take_alert(self, record: Record) -> None:
        """Take a record of the alerts topic and tell the clients."""
        entry = self._add(record)
        if entry is None:
            return
        self.feed.publish(frame("alert", entry.wire, self.position))
        self._metrics.page_events.labels("alert").inc()
        self._measure()

    def take_tension(self, record: Record) -> None:
        """Take a record of the tension topic; `tell_tension` tells the clients."""
        try:
            if record.value is None:
                self.tension.drop(record.key)
            else:
                self.tension.take(record.value)
        except NOT_A_RECORD as error:
            log.warning(
                "no_tension", partition=record.partition, offset=record.offset, error=str(error)
            )

    def tell_tension(self) -> None:
        """Tell the clients which pairs have changed since the last call, the latest value only."""
        changes = self.tension.changes()
        if changes is not None and self.loaded.is_set():
            self.feed.publish(frame("tension", changes))
            self._metrics.page_events.labels("tension").inc()

    def set_fresh(self, *, fresh: bool) -> None:
        """Say whether the broker answers; the clients are told when that changes."""
        if fresh != self.fresh:
            self.fresh = fresh
            self.feed.publish(self.state_frame())
            self._metrics.page_events.labels("state").inc()

    def state_frame(self) -> bytes:
        """Return the event that says whether the broker answers."""
        return frame("state", msgspec.json.encode({"fresh": self.fresh}))

    def start_anew(self) -> None:
        """Forget all: the topic is another one than before. The clients load once more."""
        self.store.clear()
        self.tension = TensionBoard()
        self.loaded.clear()
        self.feed.publish(frame("reset", b"{}"))

    def _add(self, record: Record) -> Entry | None:
        try:
            return self.store.add(
                record.partition, record.offset, record.timestamp, record.value or b""
            )
        except NOT_A_RECORD as error:
            log.warning(
                "no_alert", partition=record.partition, offset=record.offset, error=str(error)
            )
            return None

    def _measure(self) -> None:
        self._metrics.page_alerts.set(len(self.store))
        self._metrics.page_bytes.set(self.store.size)
