"""The Faust side of the incidents stage: agents, the table with its changelog, and the timer.

Faust gives the partitions, the table's recovery and its standbys, and the records, though not in
order and not all of them: see `streams.incidents.in_order`. A record is finished once its changes
are written, and no offset is committed before all records that precede it are finished.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from faust.types import TP

from streams.ending import note_end
from streams.incidents.in_order import InOrder, reader
from streams.incidents.stage import NAME, IncidentsStage
from streams.settings import STATE_TABLE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import faust
    from aiokafka import ConsumerRecord

    from streams.incidents.in_order import Acknowledge
    from streams.metrics import Metrics
    from streams.progress import Progress
    from streams.publisher import Publisher
    from streams.settings import Settings

PATIENCE = 5.0
"""Seconds without a record after which what Faust has never passed on is looked for."""

WRITE_WITHIN = 0.05
"""Seconds for which changes wait for others, so that one request writes them all."""


def add_incidents(
    app: faust.App,
    settings: Settings,
    publisher: Publisher,
    metrics: Metrics,
    progress: Progress,
) -> IncidentsStage:
    """Add the incidents stage to a Faust app and return it."""
    return _Agents(app, settings, publisher, metrics, progress).stage


class _Agents:
    """What Faust calls. No exception leaves: Faust acknowledges an event whose body raises."""

    def __init__(
        self,
        app: faust.App,
        settings: Settings,
        publisher: Publisher,
        metrics: Metrics,
        progress: Progress,
    ) -> None:
        self._app = app
        self._settings = settings
        self._progress = progress
        table = app.Table(
            STATE_TABLE,
            key_type=bytes,
            value_type=bytes,
            partitions=settings.partitions,
            on_recover=self._recovered,
        )
        self.stage = IncidentsStage(settings, publisher, metrics, table.data, self._committed)
        self._news, self._verdicts = (
            InOrder(
                partial(self._process, process), reader(settings), moving=lambda: app.rebalancing
            )
            for process in (self.stage.signal, self.stage.feedback)
        )
        raw = {"key_serializer": "raw", "value_serializer": "raw", "allow_empty": True}
        signals = app.topic(settings.signals_topic, **raw)
        feedback = app.topic(settings.feedback_topic, **raw)
        app.agent(signals, concurrency=1, name=NAME)(self._signals)
        app.agent(feedback, concurrency=1, name="feedback")(self._feedback)
        app.timer(interval=settings.idle_tick)(self._tick)
        app.task(self._write)
        self._revoked = app.on_partitions_revoked.connect(self._moving, weak=False)

    async def _signals(self, stream: Any) -> None:
        # Acknowledged when the changes are written, which Faust waits for before partitions move.
        stream.enable_acks = False
        async for event in stream.events():
            record = AsRecord(event.message)
            await self._guarded(self._news.take(record, partial(stream.ack, event)))
            self._progress.advanced(NAME)

    async def _feedback(self, stream: Any) -> None:
        stream.enable_acks = False
        async for event in stream.events():
            record = AsRecord(event.message)
            await self._guarded(self._verdicts.take(record, partial(stream.ack, event)))

    async def _process(
        self,
        process: Callable[[ConsumerRecord, Acknowledge], Awaitable[None]],
        record: ConsumerRecord,
        acknowledge: Acknowledge,
    ) -> None:
        tp = TopicPartition(record.topic, record.partition)

        def finished() -> Any:
            self._app.consumer.finished(tp, record.offset + 1)
            return acknowledge()

        await process(record, finished)

    async def _write(self) -> None:
        while not self._app.should_stop:
            await asyncio.sleep(WRITE_WITHIN)
            if self.stage.holds:
                await self._guarded(self.stage.flush())

    async def _tick(self) -> None:
        for order, topic in self._orders():
            if self.stage.ready and not self._app.rebalancing:
                await self._guarded(order.catch_up(self._ends(topic), PATIENCE))
        idle = await self._idle() if self._settings.time_source == "wall" else []
        await self._guarded(self.stage.tick(idle))

    async def _moving(self, *_: Any, **__: Any) -> None:
        self._news.end()
        self._verdicts.end()
        self.stage.ready = False
        # While the partitions are still ours: whoever takes them over begins with what is written.
        await self._guarded(self.stage.flush())

    async def _recovered(self) -> None:
        await self._guarded(self._begin())

    async def _begin(self) -> None:
        active = self._active()
        orders = self._orders()
        tps = [TopicPartition(topic, number) for _, topic in orders for number in active]
        places = await self._app.consumer.places(tps)
        await self.stage.recovered(active)
        for order, topic in orders:
            order.begin({tp: place for tp, place in places.items() if tp.topic == topic})

    def _orders(self) -> tuple[tuple[InOrder, str], ...]:
        """Return what keeps the records of each topic in order."""
        topics = self._settings.signals_topic, self._settings.feedback_topic
        return tuple(zip((self._news, self._verdicts), topics, strict=True))

    def _committed(self, partition: int) -> int:
        tp = TopicPartition(self._settings.signals_topic, partition)
        committed: int = self._app.consumer.committed_place(tp)
        return committed

    def _active(self) -> list[int]:
        topic = self._settings.signals_topic
        return [tp.partition for tp in self._app.assignor.assigned_actives() if tp.topic == topic]

    def _ends(self, topic: str) -> dict[TopicPartition, int]:
        ends = {
            number: self._app.consumer.highwater(TP(topic, number)) for number in self._active()
        }
        return {TopicPartition(topic, number): end for number, end in ends.items() if end}

    async def _idle(self) -> list[int]:
        """Return the partitions that are read to their end."""
        if not self.stage.ready or self._app.rebalancing:
            return []
        return [number for number in self._active() if await self._at_end(number)]

    async def _at_end(self, partition: int) -> bool:
        tp = TopicPartition(self._settings.signals_topic, partition)
        end = self._app.consumer.highwater(tp)
        position = await self._app.consumer.position(tp)
        return end is not None and position is not None and position >= end

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - it is told, with its traceback
            # Liveness fails, the worker is restarted, and the events are there again.
            note_end(self._progress, NAME, error)
            await asyncio.Event().wait()


class AsRecord:
    """A Faust message with the names of a consumer record."""

    def __init__(self, message: Any) -> None:
        self.topic, self.partition, self.offset = message.topic, message.partition, message.offset
        self.key, self.value = message.key, message.value
        self.headers = tuple(message.headers or ())
        self.timestamp = int(message.timestamp * 1000)
