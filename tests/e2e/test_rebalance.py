"""Members of the score group that come and go while items trickle in, on a real broker."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer
from harness.kafka import read_all
from harness.models import WordModel
from prometheus_client import CollectorRegistry

from streams.client import aiokafka_options
from streams.feed import publish_feed
from streams.ledger import Ledger
from streams.metrics import Metrics
from streams.progress import Progress
from streams.publisher import Publisher
from streams.records import Message, ModelRef, decode_signal
from streams.scoring import Scorer
from streams.stage import ScoreStage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

ITEMS = 1200
RATE = 100.0
VISITS = 5
STANDSTILL = 120.0
"""Seconds after which a group that stands still would come back by itself, far more than a slow
machine needs to finish: the rebalance timeout, which is two session timeouts."""


@asynccontextmanager
async def member(settings: Settings) -> AsyncIterator[Progress]:
    """Run one member of the group."""
    progress = Progress(settings.stall_timeout)
    metrics = Metrics(CollectorRegistry())
    scorer = Scorer(WordModel(), ModelRef(version="word", digest="0" * 64), 1 << 20)
    async with Publisher(settings, on_error=progress.note_broker) as publisher:
        stage = ScoreStage(settings, scorer, publisher, metrics, progress)
        await stage.start()
        try:
            yield progress
        finally:
            await stage.stop()


async def done(settings: Settings) -> None:
    """Return when the score group has committed every item."""
    async with Ledger(settings) as ledger:
        while await ledger.behind(settings.score_group, settings.items_topic):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def test_members_that_come_and_go_lose_nothing_and_never_stand_still(settings: Settings) -> None:
    feed = [
        Message(
            settings.items_topic,
            b"%d" % number,
            json.dumps({"id": f"i{number}", "text": "troops move"}).encode(),
        )
        for number in range(ITEMS)
    ]

    settings = settings.model_copy(update={"session_timeout": STANDSTILL / 2})

    async def storm() -> None:
        async with member(settings), Publisher(settings, on_error=lambda _: None) as publisher:
            sending = asyncio.create_task(publish_feed(feed, publisher, rate=RATE))
            for _ in range(VISITS):
                async with member(settings) as visitor:
                    async with asyncio.timeout(STANDSTILL / 2):
                        while not visitor.assigned["score"]:  # noqa: ASYNC110
                            await asyncio.sleep(0.05)
                    await asyncio.sleep(0.7)
            await sending
            await asyncio.wait_for(done(settings), STANDSTILL / 2)

    asyncio.run(asyncio.wait_for(storm(), 240))

    signals = {decode_signal(each.value).id for each in read_all(settings, settings.signals_topic)}
    assert signals == {f"i{number}" for number in range(ITEMS)}


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
def test_items_may_come_compressed(settings: Settings, codec: str) -> None:
    value = json.dumps({"id": codec, "text": "troops move"}).encode()

    async def run() -> None:
        producer = AIOKafkaProducer(**aiokafka_options(settings), compression_type=codec)
        async with producer, member(settings):
            await producer.send_and_wait(settings.items_topic, value)
            await done(settings)

    asyncio.run(asyncio.wait_for(run(), 30))

    [signal] = read_all(settings, settings.signals_topic)
    assert decode_signal(signal.value).id == codec
