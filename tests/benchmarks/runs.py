"""One run of a contestant: over a backlog, or under an open-loop load."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from harness.circumstances import ROOT

from benchmarks.contestants import Running, python_path
from benchmarks.progress import Output, marks, outputs, window
from benchmarks.watch import Watch
from benchmarks.world import PARTITIONS
from streams.client import aiokafka_options
from streams.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from benchmarks.contestants import Contestant
    from benchmarks.world import World
    from streams.settings import Settings

START_SECONDS = 120.0
DONE_SECONDS = 1800.0
POLL_SECONDS = 0.1
SETTLE_SECONDS = 1.0


def backlog(
    world: World,
    contestant: Contestant,
    topic: str,
    seconds: float | None,
    processes: int = 1,
) -> dict[str, Any]:
    """Run over a topic that is full, for some seconds from its first alert on, or to its end.

    Returns
    -------
    dict
        ``rate`` in items a second and ``cpu`` in processor seconds per 1,000 items, both after
        warming up; ``startup`` in seconds from the start of the process to the first alert;
        ``peak`` and ``steady`` resident megabytes; ``alerts`` and ``done`` items up to the end;
        ``numbers`` of the items with an alert.
    """
    settings = world.settings(contestant.name, topic)
    begun = time.time()
    with Running(contestant, settings, world, processes) as running, Watch(running.pids) as watch:
        _wait(lambda: _has_alerts(settings), running, START_SECONDS)
        if seconds is None:
            _wait(lambda: _is_done(settings), running, DONE_SECONDS)
        else:
            time.sleep(seconds)
        running.check()
    found = outputs(settings)
    seen = marks(found, complete=seconds is None)
    begin, end = window(seen)
    done = end.done - begin.done
    if not done:
        msg = (
            f"{contestant.name} got no further after warming up: {seconds} s are too few for a rate"
        )
        raise ValueError(msg)
    return {
        "contestant": contestant.name,
        "rate": done / (end.at - begin.at),
        "cpu": 1000 * watch.cpu_between(begin.at, end.at) / done,
        "startup": found[0].at - begun,
        "peak": watch.peak_mb,
        "steady": watch.steady_mb,
        "early": watch.resident_mb(begin.at),
        "late": watch.resident_mb(end.at),
        "alerts": len(found),
        "done": seen[-1].done,
        "numbers": [output.number for output in found],
    }


def open_loop(
    world: World, contestant: Contestant, loads: dict[str, tuple[float, int]], capacity: float
) -> list[dict[str, Any]]:
    """Run under loads, one after the other: name -> items a second, how many items.

    An item's latency begins when it was meant to be sent, whether or not it could be then, and ends
    when the broker has taken its alert.
    """
    warm = max(20, round(capacity))
    path = world.items(warm + sum(count for _, count in loads.values()))
    settings = world.settings(contestant.name)
    with Running(contestant, settings, world) as running:
        first, rows = 0, []
        plan = {"warm": (capacity / 2, warm), **loads}
        for name, (rate, count) in plan.items():
            told = _send(settings, path, first, count, rate)
            _wait(lambda: _is_done(settings), running, START_SECONDS)
            time.sleep(SETTLE_SECONDS)
            rows.append({"contestant": contestant.name, "load": name, "rate": rate, **told})
            rows[-1] |= {"first": first, "count": count}
            first += count
    found = outputs(settings)
    return [_latencies(row, found) for row in rows[1:]]


def _latencies(row: dict[str, Any], found: list[Output]) -> dict[str, Any]:
    first, count = row.pop("first"), row["count"]
    seconds = sorted(
        output.at - (row["begun"] + (output.number - first) / row["rate"])
        for output in found
        if first <= output.number < first + count
    )
    return row | {"seconds": [round(each, 5) for each in seconds]}


def _send(settings: Settings, path: Any, first: int, count: int, rate: float) -> dict[str, float]:
    """Send items at a rate from a process of its own; return when it began, and how late it was."""
    words = (settings.kafka_bootstrap_servers, settings.items_topic, path, first, count, rate)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *map(str, words)],
        env=python_path(),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load ended by itself:\n{done.stderr.decode()[-2000:]}")
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _wait(condition: Callable[[], Awaitable[bool]], running: Running, seconds: float) -> None:
    async def until() -> None:
        async with asyncio.timeout(seconds):
            while not await condition():
                running.check()
                await asyncio.sleep(POLL_SECONDS)

    asyncio.run(until())


async def _has_alerts(settings: Settings) -> bool:
    async with AIOKafkaConsumer(**aiokafka_options(settings)) as consumer:
        topic = settings.signals_topic
        ends = await consumer.end_offsets([TopicPartition(topic, n) for n in range(PARTITIONS)])
        return any(ends.values())


async def _is_done(settings: Settings) -> bool:
    async with Ledger(settings) as ledger:
        return not await ledger.behind(settings.score_group, settings.items_topic)
