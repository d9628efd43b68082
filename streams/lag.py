"""Watches how far each stage is behind, and whether the broker answers.

Committed offsets and end offsets of all assigned partitions come from clients of its own, so that a
consumer that has stopped fetching cannot hide it.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from mode import Service

from streams.client import aiokafka_options
from streams.groups import committed_by

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from aiokafka import TopicPartition
    from prometheus_client import Gauge

    from streams.metrics import Metrics
    from streams.progress import Progress
    from streams.settings import Settings

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
ANSWER_SECONDS = 5.0
"""A broker that takes longer counts as away."""
LEAVE_SECONDS = 1.0
SOURCE = "probe"


@dataclass(frozen=True, slots=True)
class Watched:
    """A stage as the watch sees it.

    Attributes
    ----------
    stage, group, topics
        Names.
    assignment
        Returns the partitions of this member, or None before the group has told them.
    waiting
        Returns what the stage waits for before it works, or None.
    resets_in_silence
        Whether its client goes on without a word when a committed offset has expired.
    gauge, labels
        Where its lag is told and by which labels; None: the gauge of all stages.
    """

    stage: str
    group: str
    topics: Collection[str]
    assignment: Callable[[], Collection[TopicPartition] | None]
    waiting: Callable[[], str | None] = lambda: None
    resets_in_silence: bool = False
    gauge: Gauge | None = None
    labels: Callable[[TopicPartition], tuple[str, ...]] = lambda tp: (tp.topic, str(tp.partition))


class LagWatch(Service):
    """Publishes the lag of the stages, their partitions and the broker's health, every second.

    Parameters
    ----------
    settings
        How to reach the broker.
    progress, metrics
        Where it is told.
    watched
        The stages of this worker.
    """

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        progress: Progress,
        metrics: Metrics,
        watched: Sequence[Watched],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._progress = progress
        self._metrics = metrics
        self._watched = tuple(watched)
        self._clients: tuple[AIOKafkaAdminClient, AIOKafkaConsumer] | None = None
        self._seen: dict[str, dict[TopicPartition, int]] = {}
        for each in self._watched:
            progress.assigned[each.stage] = False

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            await self.look()
            await self.sleep(POLL_SECONDS)

    async def on_stop(self) -> None:
        """Disconnect."""
        await self._disconnect()

    async def look(self) -> None:
        """Look once at every stage."""
        for each in self._watched:
            self._progress.assigned[each.stage] = each.assignment() is not None
            self._progress.set_waiting(each.stage, each.waiting())
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                for each in self._watched:
                    await self._measure(each)
        except (KafkaError, TimeoutError) as error:
            self._progress.note_broker(type(error).__name__, SOURCE)
            log.debug("broker_does_not_answer", error=repr(error))
            await self._disconnect()  # new clients start from the settings, wherever the broker is
        else:
            self._progress.note_broker(None, SOURCE)

    async def _measure(self, each: Watched) -> None:
        admin, consumer = await self._connected()
        committed = {
            tp: meta.offset for tp, meta in (await committed_by(admin, each.group)).items()
        }
        held = [tp for tp in each.assignment() or () if tp.topic in each.topics]
        begins = await consumer.beginning_offsets(held)
        ends = await consumer.end_offsets(held)
        done = {tp: max(begins[tp], committed.get(tp, begins[tp])) for tp in held}
        lags = {tp: max(0, ends[tp] - done[tp]) for tp in held}
        if each.resets_in_silence:
            for tp in held:
                self._metrics.out_of_range.labels(tp.topic, str(tp.partition))
            self._note_expired({tp: (committed.get(tp), begins[tp]) for tp in held}, each)
        before = self._seen.get(each.stage, {})
        if done != before:
            self._progress.advanced(each.stage)
        gauge = each.gauge or self._metrics.lag
        for tp in before.keys() - done.keys():
            gauge.remove(*each.labels(tp))
        self._seen[each.stage] = done
        for tp, lag in lags.items():
            gauge.labels(*each.labels(tp)).set(lag)
        self._progress.set_lag(each.stage, sum(lags.values()))

    def _note_expired(
        self, offsets: dict[TopicPartition, tuple[int | None, int]], each: Watched
    ) -> None:
        before = self._seen.get(each.stage, {})
        for tp, (committed, begin) in offsets.items():
            if committed is not None and committed < begin and before.get(tp) != begin:
                self._metrics.out_of_range.labels(tp.topic, str(tp.partition)).inc()
                log.error(
                    "offset_out_of_range",
                    topic=tp.topic,
                    partition=tp.partition,
                    offset=committed,
                    beginning=begin,
                    expired_unread=begin - committed,
                )

    async def _connected(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._clients is None:
            options = aiokafka_options(self._settings)
            self._clients = AIOKafkaAdminClient(**options), AIOKafkaConsumer(**options)
            try:
                for client in self._clients:
                    await client.start()
            except BaseException:
                await self._disconnect()
                raise
        return self._clients

    async def _disconnect(self) -> None:
        if self._clients is not None:
            (admin, consumer), self._clients = self._clients, None
            with contextlib.suppress(TimeoutError, KafkaError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await admin.close()
                    await consumer.stop()
