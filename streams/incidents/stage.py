"""The incidents stage between Faust and the engine: one record at a time, whoever brings it.

Records of the two topics and the passing of time take turns. What a record has changed is written
within a moment of it, together with what others have changed, and only then is it acknowledged.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from streams.deadletters import Reason, dead_letter
from streams.feedback import read_feedback
from streams.incidents.engine import Engine
from streams.incidents.policy import Policy
from streams.incidents.tally import Tally
from streams.incidents.writer import Writer
from streams.outbox import publish_letter
from streams.records import decode_signal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, MutableMapping

    from aiokafka import ConsumerRecord

    from streams.feed import Publishes
    from streams.incidents.book import Change
    from streams.metrics import Metrics
    from streams.records import Feedback, Signal
    from streams.settings import Settings
    from streams.tension import PairTension

log = structlog.get_logger(__name__)

NAME = "incidents"
MOST_HELD = 500
"""Records whose changes are written together, at most."""


class IncidentsStage:
    """Takes records, keeps the state, publishes alerts.

    Parameters
    ----------
    settings
        Topics and policy.
    publisher
        Where everything goes out.
    metrics
        What is counted.
    states
        The table's store: key -> encoded state.
    committed
        Partition -> offset from which a worker that takes over will read, 0 when that is unknown.
    clock
        Seconds since the epoch.
    """

    def __init__(
        self,
        settings: Settings,
        publisher: Publishes,
        metrics: Metrics,
        states: MutableMapping[bytes, bytes],
        committed: Callable[[int], int],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock
        self._engine = Engine(Policy.of(settings), states, committed)
        self._writer = Writer(settings, publisher)
        self._tally = Tally(metrics, clock)
        self._lock = asyncio.Lock()
        self._failed = False
        self._unfinished: list[Change] = []
        self._held: list[Callable[[], Any]] = []
        self._touched: dict[int, float] = {}
        self.ready = False

    async def recovered(self, active: Iterable[int]) -> None:
        """Take over the states that the table has recovered for these partitions."""
        async with self._turn():
            self._writer.drop()
            self._held.clear()
            self._unfinished = self._engine.book.recover(active)
            self._touched = dict.fromkeys(self._engine.book.partitions, self._clock())
            self._tally.show(self._engine.book.partitions.values())
            self.ready = True

    async def signal(self, record: ConsumerRecord, acknowledge: Callable[[], Any]) -> None:
        """Process a record of the signals topic; ``acknowledge`` is called when it is done."""
        async with self._turn():
            await self._finish()
            self._touched[record.partition] = self._clock()
            signal = read_signal(record.value)
            if isinstance(signal, Reason):
                await self._dead(record, signal)
            else:
                trace = dict(record.headers).get("traceparent")
                changes = self._engine.signal(record.partition, record.offset, signal, trace)
                await self._take(changes, signal)
            await self._hold(acknowledge)

    async def feedback(self, record: ConsumerRecord, acknowledge: Callable[[], Any]) -> None:
        """Process a record of the feedback topic."""
        async with self._turn():
            await self._finish()
            feedback = read_feedback(record.value)
            if isinstance(feedback, Reason):
                await self._dead(record, feedback)
            else:
                await self._judge(record.offset, feedback)
            await self._hold(acknowledge)

    async def tick(self, idle: Iterable[int]) -> None:
        """Let time pass in partitions that have nothing to process."""
        async with self._turn():
            if not self.ready:
                return
            await self._finish()
            now = self._clock()
            for partition in idle:
                quiet = now - self._touched.get(partition, now)
                if quiet >= self._settings.idle_tick:
                    await self._take(self._engine.tick(partition, now))
            await self._flush()
            self._tally.show(self._engine.book.partitions.values())

    async def flush(self) -> None:
        """Write what has changed and acknowledge the records that did it."""
        async with self._turn():
            await self._flush()

    @property
    def holds(self) -> bool:
        """Whether records wait for their changes to be written."""
        return bool(self._held)

    def tensions(self) -> list[PairTension]:
        """Return the tension of each pair of the active partitions; none while they move."""
        if not self.ready:
            return []
        partitions = self._engine.book.partitions.values()
        return [each for partition in partitions for each in partition.tensions.values()]

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One at a time; and none any more after an error, which leaves half a record done."""
        async with self._lock:
            if self._failed:
                raise RuntimeError("the incidents stage has stopped")
            try:
                yield
            except BaseException:
                self._failed = True
                raise

    async def _judge(self, offset: int, feedback: Feedback) -> None:
        changes = list(self._engine.feedback(offset, feedback))
        if not changes:
            log.info("verdict_changes_nothing", id=feedback.id, incident=feedback.incident)
            return
        self._metrics.feedback.labels(feedback.verdict, feedback.reason or "none").inc()
        await self._take(iter(changes))

    async def _take(self, changes: Iterator[Change], signal: Signal | None = None) -> None:
        for change in changes:
            if (died := await self._writer.take(change)) is not None:
                self._count_dead(died)
            self._tally.count(change, signal, told=died is None)

    async def _finish(self) -> None:
        """Publish what the worker before had decided and may not have published."""
        while self._unfinished:
            change = self._unfinished[0]
            if (died := await self._writer.take(change)) is not None:
                self._count_dead(died)
            self._unfinished.pop(0)

    async def _dead(self, record: ConsumerRecord, reason: Reason) -> None:
        letter = dead_letter(record, reason, self._settings.dead_letters_topic)
        await publish_letter(self._publisher, letter)
        self._count_dead(reason)

    def _count_dead(self, reason: Reason) -> None:
        self._metrics.dead_letters.labels(reason.stage, reason.error).inc()

    async def _hold(self, acknowledge: Callable[[], Any]) -> None:
        self._held.append(acknowledge)
        if len(self._held) >= MOST_HELD:
            await self._flush()

    async def _flush(self) -> None:
        await self._writer.flush()
        held, self._held = self._held, []
        for acknowledge in held:
            result = acknowledge()
            if asyncio.iscoroutine(result):
                await result


def read_signal(value: bytes | None) -> Signal | Reason:
    """Return the signal in a record, or why there is none."""
    try:
        return decode_signal(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reason.of("incidents", error)
