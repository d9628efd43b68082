"""Follows the alerts and tension topics with a consumer of its own, without a group.

Nothing is committed: at every start the past is read back, as far as the settings say.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from mode import Service

from streams.client import aiokafka_options
from streams.ending import give_up
from streams.errors import refusal
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka import ConsumerRecord

    from streams.delivery.page.desk import Desk
    from streams.progress import Progress
    from streams.settings import Settings

log = structlog.get_logger(__name__)

NAME = "page"
POLL_MILLISECONDS = 200
"""How long one fetch may wait for records; it returns as soon as there is one."""
TENSION_SECONDS = 0.5
"""How often changes of tension are told."""
CHECK_SECONDS = 10.0
"""How often the broker is asked for the ends of the topics, to know that silence is no outage."""
ANSWER_SECONDS = 5.0
DAY_MS = 24 * 3600 * 1000


class TopicStartedAnewError(RuntimeError):
    """A partition ends before what was read of it: the topic was deleted and made again."""


class Follower(Service):
    """Reads both topics and hands each record to the desk, whatever happens to the broker."""

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        progress: Progress,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._desk = desk
        self._progress = progress
        self._note_broker = functools.partial(progress.note_broker, source=NAME)

    @Service.task
    async def _follow(self) -> None:
        settings = self._settings
        backoff = Backoff(settings.retry_backoff, settings.retry_backoff_max)
        while not self.should_stop:
            refused = None
            try:
                await self._read_until_stopped()
            except TopicStartedAnewError as error:
                log.warning("topic_started_anew", error=str(error))
                self._desk.start_anew()
            except KafkaError as error:
                refused = await refusal(settings, error)
                if refused is None:
                    self._lost(error)
                    await backoff.pause()
            if refused is not None:
                await give_up(self, self._progress, NAME, refused)
                return

    @Service.task
    async def _tell_tension(self) -> None:
        while not self.should_stop:
            await self.sleep(TENSION_SECONDS)
            self._desk.tell_tension()

    async def _read_until_stopped(self) -> None:
        settings = self._settings
        consumer = AIOKafkaConsumer(
            settings.alerts_topic,
            settings.tension_topic,
            **aiokafka_options(settings),
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            await self._seek_or_load(consumer)
            self._found()
            checked = time.monotonic()
            while not self.should_stop:
                fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS)
                for tp, records in fetched.items():
                    self._take(tp, records)
                if time.monotonic() - checked > CHECK_SECONDS:
                    await self._check(consumer)
                    checked = time.monotonic()
        finally:
            await consumer.stop()

    async def _seek_or_load(self, consumer: AIOKafkaConsumer) -> None:
        if not self._desk.loaded.is_set():
            await self._load(consumer)
            return
        position = self._desk.store.position
        for tp in consumer.assignment():
            if tp.topic == self._settings.alerts_topic and tp.partition in position:
                consumer.seek(tp, position[tp.partition])

    async def _load(self, consumer: AIOKafkaConsumer) -> None:
        assigned = sorted(consumer.assignment())
        ends = await consumer.end_offsets(assigned)
        starts = await self._starts(consumer, ends)
        for tp, offset in starts.items():
            consumer.seek(tp, offset)
        past: dict[TopicPartition, list[ConsumerRecord]] = {tp: [] for tp in assigned}
        while any([await consumer.position(tp) < ends[tp] for tp in assigned]):
            for tp, records in (await consumer.getmany(timeout_ms=POLL_MILLISECONDS)).items():
                past[tp] += records
            if self.should_stop:
                return
        alerts = [tp for tp in assigned if tp.topic == self._settings.alerts_topic]
        for tp in assigned:
            if tp.topic == self._settings.tension_topic:
                self._take(tp, past[tp])
        self._desk.load([past[tp] for tp in alerts], {tp.partition: starts[tp] for tp in alerts})
        for tp in alerts:
            self._desk.store.passed(tp.partition, ends[tp])

    async def _starts(
        self, consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, int]:
        """Return where reading back begins: so many days ago, a fair share of so many alerts."""
        settings = self._settings
        tps = list(ends)
        begins = await consumer.beginning_offsets(tps)
        since = int(time.time() * 1000 - settings.page_days * DAY_MS)
        found = await consumer.offsets_for_times(dict.fromkeys(tps, since))
        partitions = Counter(tp.topic for tp in tps)
        starts = {}
        for tp, end in ends.items():
            share = -(-settings.page_alerts // partitions[tp.topic])
            in_time = end if found[tp] is None else found[tp].offset
            starts[tp] = max(begins[tp], min(end, in_time), end - share)
        return starts

    def _take(self, tp: TopicPartition, records: list[ConsumerRecord]) -> None:
        alerts = tp.topic == self._settings.alerts_topic
        take = self._desk.take_alert if alerts else self._desk.take_tension
        for record in records:
            take(record)

    async def _check(self, consumer: AIOKafkaConsumer) -> None:
        alerts = [tp for tp in consumer.assignment() if tp.topic == self._settings.alerts_topic]
        try:
            ends = await asyncio.wait_for(consumer.end_offsets(alerts), ANSWER_SECONDS)
        except (KafkaError, TimeoutError) as error:
            # The consumer finds its way back by itself; the readers must know meanwhile.
            self._lost(error)
            return
        self._found()
        position = self._desk.store.position
        for tp, end in ends.items():
            if end < position.get(tp.partition, 0):
                raise TopicStartedAnewError(f"{tp.topic}, partition {tp.partition}")

    def _lost(self, error: Exception) -> None:
        log.warning("page_lost_broker", error=repr(error))
        self._note_broker(type(error).__name__)
        self._desk.set_fresh(fresh=False)

    def _found(self) -> None:
        self._note_broker(None)
        self._desk.set_fresh(fresh=True)
