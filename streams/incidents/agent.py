"""The Faust side of the incidents stage: agents, the table with its changelog, and the timer.

Faust gives the partitions, the records, the table's recovery and its standbys. Records are
acknowledged by the stage once their changes are written, so that Faust commits no offset whose
changes could still be lost.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import TopicPartition

from streams.incidents.stage import NAME, IncidentsStage
from streams.settings import STATE_TABLE

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import faust

    from streams.metrics import Metrics
    from streams.progress import Progress
    from streams.publisher import Publisher
    from streams.settings import Settings

log = structlog.get_logger(__name__)

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
        raw = {"key_serializer": "raw", "value_serializer": "raw", "allow_empty": True}
        signals = app.topic(settings.signals_topic, **raw)
        feedback = app.topic(settings.feedback_topic, **raw)
        app.agent(signals, concurrency=1, name=NAME)(self._signals)
        app.agent(feedback, concurrency=1, name="feedback")(self._feedback)
        app.timer(interval=settings.idle_tick)(self._tick)
        app.task(self._write)
        self._revoked = app.on_partitions_revoked.connect(self._moving, weak=False)

    async def _signals(self, stream: Any) -> None:
        # Acknowledged by the stage, when the changes are written.
        stream.enable_acks = False
        async for event in stream.events():
            await self._guarded(
                self.stage.signal(AsRecord(event.message), partial(stream.ack, event))
            )
            self._progress.advanced(NAME)

    async def _feedback(self, stream: Any) -> None:
        stream.enable_acks = False
        async for event in stream.events():
            await self._guarded(
                self.stage.feedback(AsRecord(event.message), partial(stream.ack, event))
            )

    async def _write(self) -> None:
        while not self._app.should_stop:
            await asyncio.sleep(WRITE_WITHIN)
            if self.stage.holds:
                await self._guarded(self.stage.flush())

    async def _tick(self) -> None:
        idle = await self._idle() if self._settings.time_source == "wall" else []
        await self._guarded(self.stage.tick(idle))

    async def _moving(self, *_: Any, **__: Any) -> None:
        self.stage.ready = False

    async def _recovered(self) -> None:
        await self._guarded(self.stage.recovered(self._active()))

    def _committed(self, partition: int) -> int:
        tp = TopicPartition(self._settings.signals_topic, partition)
        committed: int = self._app.consumer.committed.get(tp, 0)
        return committed

    def _active(self) -> list[int]:
        topic = self._settings.signals_topic
        return [tp.partition for tp in self._app.assignor.assigned_actives() if tp.topic == topic]

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
        except Exception as error:
            # Liveness fails, the worker is restarted, and the events are there again.
            self._progress.fatal = self._progress.fatal or f"{NAME}: {error}"
            log.exception("incidents_stopped")
            await asyncio.Event().wait()


class AsRecord:
    """A Faust message with the names of a consumer record."""

    def __init__(self, message: Any) -> None:
        self.topic, self.partition, self.offset = message.topic, message.partition, message.offset
        self.key, self.value = message.key, message.value
        self.headers = tuple(message.headers or ())
        self.timestamp = int(message.timestamp * 1000)
