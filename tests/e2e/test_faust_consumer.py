"""A consumer goes back to what nobody has committed, also where nothing is committed yet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from harness.kafka import send

from streams.app import build
from streams.client import aiokafka_options
from streams.faust_consumer import CompleteConsumer, go_back
from streams.records import Message

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.settings import Settings


def positions_after(settings: Settings, changelogs: Collection[str]) -> list[int]:
    """Fetch and drop all that is there, go back, and return where reading would go on.

    Nothing is committed for the first partition, and offset 3 for the second.
    """
    topic = settings.signals_topic
    bare, committed = (TopicPartition(topic, number) for number in range(2))
    send(settings, [Message(topic, b"k", b"v", partition=n) for n in range(2) for _ in range(5)])

    async def read() -> list[int]:
        consumer = AIOKafkaConsumer(
            **aiokafka_options(settings),
            group_id=settings.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            consumer.assign([bare, committed])
            await consumer.commit({committed: 3})
            for tp in (bare, committed):
                while await consumer.position(tp) < 5:
                    await consumer.getmany(tp, timeout_ms=500)
            await go_back(consumer, changelogs)
            return [await consumer.position(tp) for tp in (bare, committed)]
        finally:
            await consumer.stop()

    return asyncio.run(asyncio.wait_for(read(), 60))


@pytest.mark.kafka
def test_what_was_fetched_and_dropped_is_read_again_from_the_commit_or_the_beginning(
    settings: Settings,
) -> None:
    assert positions_after(settings, changelogs=()) == [0, 3]


@pytest.mark.kafka
def test_a_changelog_is_left_where_it_is(settings: Settings) -> None:
    """Its place is the table's affair: from the beginning, a standby would read it all again."""
    assert positions_after(settings, changelogs=[settings.signals_topic]) == [5, 3]


def test_the_incidents_stage_reads_with_the_mended_consumer(settings: Settings) -> None:
    app = build(settings, "incidents").app

    assert app is not None
    assert app.transport.Consumer is CompleteConsumer
