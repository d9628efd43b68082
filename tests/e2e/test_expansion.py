"""Batches that expand to more than may be held, on the broker: each comes to its end."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from harness.kafka import read_all
from harness.stage import message, run_stage

from streams.client import aiokafka_options
from streams.lenient import read_leniently
from streams.portions import weight

if TYPE_CHECKING:
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

MIB = 1024 * 1024
CODECS = ("gzip", "snappy", "lz4", "zstd")
BOMB = 150 * MIB
"""What a bomb expands to; with snappy it is 7 MiB over the wire, which the topic has to take."""


async def produce(settings: Settings, codec: str, values: list[bytes]) -> None:
    """Send one batch of these values to partition 0."""
    options = aiokafka_options(settings)
    async with AIOKafkaProducer(
        **options, compression_type=codec, max_request_size=64 * MIB, max_batch_size=256 * MIB
    ) as producer:
        batch = producer.create_batch()
        for value in values:
            assert batch.append(timestamp=None, key=None, value=value)
        batch.close()
        await producer.send_batch(batch, settings.items_topic, partition=0)
        await producer.flush()


def test_a_bomb_of_each_codec_is_a_dead_letter_and_the_items_around_it_are_scored(
    settings: Settings,
) -> None:
    def item(number: int) -> bytes:
        return message(settings, number, "troops").value or b""

    asyncio.run(produce(settings, "gzip", [item(0)]))
    for number, codec in enumerate(CODECS, 1):
        bomb = bytes(BOMB // 10 if codec == "snappy" else BOMB)
        asyncio.run(produce(settings, codec, [item(100 + number), bomb]))
        asyncio.run(produce(settings, codec, [item(number)]))

    tracemalloc.start()
    try:
        progress, registry = run_stage(
            settings.model_copy(update={"max_expanded_bytes": 4 * MIB}), 120
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    letters = read_all(settings, settings.dead_letters_topic)
    assert progress.fatal is None
    assert peak < BOMB / 3
    assert len(read_all(settings, settings.signals_topic)) == 1 + len(CODECS)
    reasons = [dict(each.headers)["__connect.errors.exception.message"] for each in letters]
    assert [b"more than 4194304" in reason for reason in reasons] == [True] * len(CODECS)
    labels = {"stage": "decode", "error": "UnreadableRecord"}
    assert registry.get_sample_value("escalation_dead_letters_total", labels) == len(CODECS)


def test_records_are_given_out_in_portions_whatever_they_expand_to(settings: Settings) -> None:
    value = b'{"id": "large", "text": "' + b"x" * MIB + b'"}'

    async def read() -> list[tuple[int, int]]:
        consumer = AIOKafkaConsumer(
            settings.items_topic, **aiokafka_options(settings), auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            portions: list[tuple[int, int]] = []
            while sum(count for count, _ in portions) < 30:
                fetched = await consumer.getmany(timeout_ms=500)
                records = [each for several in fetched.values() for each in several]
                portions.append((len(records), sum(map(weight, records))))
            return portions
        finally:
            await consumer.stop()

    for _ in range(10):
        asyncio.run(produce(settings, "zstd", [value] * 3))
    read_leniently(5 * MIB)
    try:
        portions = asyncio.run(asyncio.wait_for(read(), 60))
    finally:
        read_leniently()

    assert sum(count for count, _ in portions) == 30
    assert max(size for _, size in portions) < 5 * MIB + 2 * len(value)
    assert max(count for count, _ in portions) > 3
