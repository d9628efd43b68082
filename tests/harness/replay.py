"""A replay of signals at a multiple of real speed, with workers that are killed on the way."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.incidents import alerts_of
from harness.kafka import read_all
from harness.worker import WorkerProcess, wait_until
from streams.ledger import Ledger
from streams.publisher import Publisher
from streams.records import Message, encode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.records import Signal
    from streams.settings import Settings

DONE_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a subscriber saw of a replay.

    Attributes
    ----------
    told, expected
        Alert ids that were on the topic, and those of an undisturbed run over the same signals.
    repeats
        Alerts that were there more than once, counted.
    unlike
        Ids whose repeats are not byte for byte the same.
    kills, on_the_way, seconds
        How often a worker was killed, how often of that while signals still came, and how long it
        took.
    """

    told: frozenset[str]
    expected: frozenset[str]
    repeats: int
    unlike: frozenset[str]
    kills: int
    on_the_way: int
    seconds: float


async def replay(settings: Settings, signals: Sequence[Signal], speed: float) -> None:
    """Publish signals at the pace of their times, so many times as fast."""
    times = [signal.published_at.timestamp() if signal.published_at else 0.0 for signal in signals]
    begun = time.monotonic()
    async with Publisher(settings, on_error=lambda _: None) as publisher:
        for at, signal in zip(times, signals, strict=True):
            await asyncio.sleep(max(0.0, begun + (at - times[0]) / speed - time.monotonic()))
            message = Message(settings.signals_topic, signal.key.encode(), encode(signal))
            await publisher.publish([message])


def behind(settings: Settings) -> int:
    """Return how many signals the incidents stage has not committed."""

    async def count() -> int:
        async with Ledger(settings) as ledger:
            return await ledger.behind(settings.incidents_group, settings.signals_topic)

    return asyncio.run(count())


def undisturbed(settings: Settings, folder: Path, signals: Sequence[Signal], speed: float) -> None:
    """Replay signals into one worker that nothing happens to."""
    worker = WorkerProcess(settings, folder / "calm.log", stage="incidents")
    worker.start()
    try:
        asyncio.run(replay(settings, signals, speed))
        wait_until("all signals are committed", lambda: behind(settings) == 0, DONE_SECONDS)
    finally:
        worker.stop()


def disturbed(
    settings: Settings,
    folder: Path,
    signals: Sequence[Signal],
    speed: float,
    *,
    kills: int,
    seed: int,
) -> Result:
    """Replay signals into a worker that is killed at random; a second one comes and goes."""
    draw = random.Random(seed)
    first = WorkerProcess(settings, folder / "first.log", stage="incidents")
    second = WorkerProcess(settings, folder / "second.log", stage="incidents")
    begun = time.monotonic()
    first.start()
    feeding = threading.Thread(target=lambda: asyncio.run(replay(settings, signals, speed)))
    feeding.start()
    length, on_the_way = _length(signals) / speed, 0
    try:
        for number in range(kills):
            if number == kills // 3:
                second.start()
            if number == 2 * kills // 3:
                second.terminate()
            time.sleep(draw.uniform(0.2, 1.0) * length / kills / 3)
            on_the_way += feeding.is_alive()
            first.kill()
            first.start()
        feeding.join()
        wait_until("all signals are committed", lambda: behind(settings) == 0, DONE_SECONDS)
    finally:
        first.stop()
        second.stop()
        feeding.join()
    return _result(settings, kills, on_the_way, time.monotonic() - begun)


def _result(settings: Settings, kills: int, on_the_way: int, seconds: float) -> Result:
    """Return what is on the alerts topic, and what should be."""
    records = read_all(settings, settings.alerts_topic)
    ids = [dict(record.headers)["ce_id"].decode() for record in records]
    values: dict[str, set[bytes]] = {}
    for name, record in zip(ids, records, strict=True):
        values.setdefault(name, set()).add(record.value)
    expected = alerts_of(settings, read_all(settings, settings.signals_topic))
    return Result(
        told=frozenset(ids),
        expected=frozenset(alert.id for alert in expected),
        repeats=sum(count - 1 for count in Counter(ids).values()),
        unlike=frozenset(name for name, each in values.items() if len(each) > 1),
        kills=kills,
        on_the_way=on_the_way,
        seconds=seconds,
    )


def _length(signals: Sequence[Signal]) -> float:
    times = [signal.published_at.timestamp() for signal in signals if signal.published_at]
    return max(times) - min(times)
