"""The score stage inside a test's own process, with a model of the test's own."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from harness.models import WordModel
from streams.lag import LagWatch, Watched
from streams.ledger import Ledger
from streams.metrics import Metrics
from streams.progress import Progress
from streams.publisher import Publisher
from streams.records import Message, ModelRef
from streams.scoring import Scorer
from streams.stage import ScoreStage

if TYPE_CHECKING:
    from streams.settings import Settings


def message(settings: Settings, number: int, text: str) -> Message:
    """Return a flat item with an id, a key and a trace of its own."""
    value = json.dumps({"id": f"i{number}", "text": text}).encode()
    headers = (("traceparent", b"00-%d" % number),)
    return Message(settings.items_topic, b"k%d" % number, value, headers)


def run_stage(settings: Settings, seconds: float = 60.0) -> tuple[Progress, CollectorRegistry]:
    """Run the stage until nothing is left or it gives up; return what it knows of itself."""
    registry = CollectorRegistry()
    progress = Progress(settings.stall_timeout)

    async def run() -> None:
        metrics = Metrics(registry)
        publisher = Publisher(settings, on_error=progress.note_broker)
        scorer = Scorer(WordModel(), ModelRef(version="word", digest="0" * 64), 1 << 20)
        stage = ScoreStage(settings, scorer, publisher, metrics, progress)
        watched = Watched("score", settings.score_group, (settings.items_topic,), stage.assignment)
        watch = LagWatch(settings, progress, metrics, [watched])
        async with publisher, Ledger(settings) as ledger:
            await stage.start()
            while progress.fatal is None and await _behind(ledger, settings):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await watch.look()
            await watch.on_stop()
            await stage.stop()

    asyncio.run(asyncio.wait_for(run(), seconds))
    return progress, registry


async def _behind(ledger: Ledger, settings: Settings) -> bool:
    return bool(await ledger.behind(settings.score_group, settings.items_topic))
