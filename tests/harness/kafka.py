"""Reading and writing topics from a test, synchronously."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from streams.client import aiokafka_options
from streams.feed import publish_feed
from streams.ledger import Ledger
from streams.publisher import Publisher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord

    from streams.records import Message
    from streams.settings import Settings


def send(settings: Settings, messages: Sequence[Message], rate: float | None = None) -> None:
    """Publish the messages and return when they are acknowledged."""

    async def publish() -> None:
        async with Publisher(settings, on_error=lambda _: None) as publisher:
            await publish_feed(messages, publisher, rate=rate)

    asyncio.run(publish())


def read_all(settings: Settings, topic: str) -> list[ConsumerRecord]:
    """Return every record of a topic, partition by partition."""

    async def read() -> list[ConsumerRecord]:
        consumer = AIOKafkaConsumer(
            topic, **aiokafka_options(settings), auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            records: list[ConsumerRecord] = []
            ends = await consumer.end_offsets(consumer.assignment())
            while len(records) < sum(ends.values()):
                for fetched in (await consumer.getmany(timeout_ms=500)).values():
                    records += fetched
            return sorted(records, key=lambda each: (each.partition, each.offset))
        finally:
            await consumer.stop()

    return asyncio.run(asyncio.wait_for(read(), 60))


def limit(settings: Settings, topic: str, size: int) -> None:
    """Let a topic take no record larger than ``size`` bytes."""
    configure(settings, topic, {"max.message.bytes": str(size)})


def configure(settings: Settings, topic: str, told: dict[str, str]) -> None:
    """Change a topic's configuration."""

    async def alter() -> None:
        admin = AIOKafkaAdminClient(**aiokafka_options(settings))
        await admin.start()
        try:
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, told)])
        finally:
            await admin.close()

    asyncio.run(alter())


def left(settings: Settings) -> int:
    """Return how many records the stages have not committed yet."""

    async def count() -> int:
        async with Ledger(settings) as ledger:
            return await ledger.left()

    return asyncio.run(count())
