"""Read alerts from the topic, from the beginning or from now, without a consumer group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer

from streams.client import aiokafka_options
from streams.records import Alert, decode_alert

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.settings import Settings

log = structlog.get_logger(__name__)


async def read_alerts(
    settings: Settings, *, from_start: bool, follow: bool
) -> AsyncIterator[Alert]:
    """Yield alerts in the order of each partition; end at the end of the topic unless ``follow``.

    A record that is no alert is told in the log and passed over: it is not ours.
    """
    consumer = AIOKafkaConsumer(
        settings.alerts_topic,
        **aiokafka_options(settings),
        auto_offset_reset="earliest" if from_start else "latest",
    )
    await consumer.start()
    try:
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
