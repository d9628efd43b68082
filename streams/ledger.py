"""What a run has come to, counted on the topics themselves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.client import aiokafka_options
from streams.groups import committed_by

if TYPE_CHECKING:
    from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Counts:
    """Records added to each topic since the ledger was opened."""

    items: int
    signals: int
    alerts: int
    dead_letters: int


class Ledger:
    """Counts records by end offsets, and work left by committed offsets. An async context."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._consumer = AIOKafkaConsumer(**aiokafka_options(settings))
        self._admin = AIOKafkaAdminClient(**aiokafka_options(settings))
        self._before: dict[str, dict[TopicPartition, int]] = {}

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        await self._admin.start()
        self._before = {topic: await self._ends(topic) for topic in self._topics()}
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
        await self._admin.close()

    def _topics(self) -> tuple[str, ...]:
        settings = self._settings
        return (
            settings.items_topic,
            settings.signals_topic,
            settings.alerts_topic,
            settings.dead_letters_topic,
        )

    async def counts(self) -> Counts:
        """Return what was added to each topic since the ledger was opened."""
        added = [
            sum((await self._ends(topic)).values()) - sum(self._before[topic].values())
            for topic in self._topics()
        ]
        return Counts(*added)

    def opened_at(self, topic: str) -> dict[TopicPartition, int]:
        """Return the end offsets that a topic had when the ledger was opened."""
        return self._before[topic]

    async def left(self) -> int:
        """Return the records that a stage has not committed yet: items first, then signals."""
        settings = self._settings
        items = await self.behind(settings.score_group, settings.items_topic)
        return items or await self.behind(settings.incidents_group, settings.signals_topic)

    async def wait_until_done(self, poll_seconds: float = 0.2) -> None:
        """Return when both stages have committed everything that is in their topics."""
        while await self.left():  # noqa: ASYNC110 - the state is the broker's; it sends no event
            await asyncio.sleep(poll_seconds)

    async def behind(self, group: str, topic: str) -> int:
        """Return how many records of a topic a group has not committed."""
        ends = await self._ends(topic)
        committed = await committed_by(self._admin, group)
        begins = await self._consumer.beginning_offsets(list(ends))
        done = {tp: meta.offset for tp, meta in committed.items()}
        return sum(end - max(done.get(tp, 0), begins[tp]) for tp, end in ends.items())

    async def _ends(self, topic: str) -> dict[TopicPartition, int]:
        described = await self._admin.describe_topics([topic])
        partitions = [
            TopicPartition(topic, each["partition"])
            for found in described
            for each in found["partitions"]
        ]
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions)
        return ends
