"""Read a topic, from the beginning or from given offsets, without a group."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownTopicOrPartitionError

from streams.client import aiokafka_options
from streams.lenient import read_leniently
from streams.records import Alert, decode_alert

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiokafka import ConsumerRecord, TopicPartition

    from streams.settings import Settings

TOPIC_SECONDS = 10
"""How long a topic may take to show itself before it is called unknown."""

log = structlog.get_logger(__name__)


async def read_records(
    settings: Settings,
    topic: str,
    *,
    start: Mapping[TopicPartition, int] | None = None,
    end: Mapping[TopicPartition, int] | None = None,
    follow: bool = False,
) -> AsyncIterator[ConsumerRecord]:
    """Yield records in the order of each partition; end at the end of the topic unless ``follow``.

    Parameters
    ----------
    settings
        Broker.
    topic
        Name of the topic.
    start
        Offset to begin at for each partition; the beginning of the topic when None.
    end
        Offset to end at for each partition, none of the others is read; the end of the topic, as
        it is now, when None.
    follow
        Go on with records as they come.

    Raises
    ------
    KafkaError
        The topic is not there, or may not be read.
    """
    consumer = AIOKafkaConsumer(topic, **aiokafka_options(settings), auto_offset_reset="earliest")
    read_leniently(settings.max_expanded_bytes)
    try:
        await _started(consumer, topic)
        assigned = consumer.assignment()
        there = await consumer.end_offsets(assigned)
        ends = {tp: min(at, (end or there).get(tp, 0)) for tp, at in there.items()}
        for tp, offset in (start or {}).items():
            if tp in assigned:
                consumer.seek(tp, offset)
        if not follow:
            consumer.pause(*(tp for tp in assigned if (end or there).get(tp, 0) == 0))
        while follow or not all([await consumer.position(tp) >= ends[tp] for tp in ends]):
            fetched = await consumer.getmany(timeout_ms=200)
            for tp, records in fetched.items():
                for record in records:
                    if follow or record.offset < ends[tp]:
                        yield record
    finally:
        await consumer.stop()


async def read_alerts(
    settings: Settings, *, start: Mapping[TopicPartition, int] | None = None, follow: bool
) -> AsyncIterator[Alert]:
    """Yield the alerts of the topic, as `read_records` does.

    A record that is no alert is told in the log and passed over: it is not ours.
    """
    async for record in read_records(settings, settings.alerts_topic, start=start, follow=follow):
        try:
            yield decode_alert(record.value or b"")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.warning("no_alert", offset=record.offset, error=str(error))


async def _started(consumer: AIOKafkaConsumer, topic: str) -> None:
    try:
        async with asyncio.timeout(TOPIC_SECONDS):
            await consumer.start()
    except TimeoutError as error:
        raise UnknownTopicOrPartitionError(topic) from error
