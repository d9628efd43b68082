"""Read alerts from the topic, from the beginning or from given offsets, without a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer

from streams.client import aiokafka_options
from streams.records import Alert, decode_alert

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from aiokafka import TopicPartition

    from streams.settings import Settings

log = structlog.get_logger(__name__)


async def read_alerts(
    settings: Settings, *, start: Mapping[TopicPartition, int] | None = None, follow: bool
) -> AsyncIterator[Alert]:
    """Yield alerts in the order of each partition; end at the end of the topic unless ``follow``.

    A record that is no alert is told in the log and passed over: it is not ours.

    Parameters
    ----------
    settings
        Broker and topic.
    start
        Offset to begin at for each partition; the beginning of the topic when None.
    follow
        Go on with alerts as they come.
    """
    consumer = AIOKafkaConsumer(
        settings.alerts_topic,
        **aiokafka_options(settings),
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        for tp, offset in (start or {}).items():
            consumer.seek(tp, offset)
        ends = await consumer.end_offsets(consumer.assignment())
        while True:
            fetched = await consumer.getmany(timeout_ms=200)
            for records in fetched.values():
                for record in records:
                    try:
                        yield decode_alert(record.value or b"")
                    except msgspec.DecodeError as error:
                        log.warning("no_alert", offset=record.offset, error=str(error))
            if not follow and all([await consumer.position(tp) >= end for tp, end in ends.items()]):
                return
    finally:
        await consumer.stop()
