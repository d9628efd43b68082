"""The soak: half of what a worker can do, for a long time, with the real model."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from faults.load import KINDS, Load, end_of, kind_of, message
from faults.oracle import Oracle
from faults.world import World
from harness.records import record

import classifier
from classifier.corpus import load_corpus
from streams.records import Message, ModelRef
from streams.scoring import Scorer

if TYPE_CHECKING:
    from faults.load import End
    from faults.world import Bench, Row
    from harness.worker import WorkerProcess

PERIOD = sum(share for share, _, _ in KINDS.values())
READABLE = ("ordinary", "alert", "duplicate keys", "bug")
"""Kinds that get a text of the corpus here; the rest stays malformed."""
CAPACITY_ITEMS = 6000
SAMPLE_SECONDS = 10.0
WARM_UP = 0.25
"""Share of the run that does not count for the slopes: caches fill."""


class CorpusMix:
    """The load with texts of the corpus, and what the real model makes of them."""

    def __init__(self) -> None:
        self._texts = [example.text for example in load_corpus()[:PERIOD]]
        scorer = Scorer(classifier.load(), ModelRef(version="", digest=""), 1 << 20)
        outcomes = scorer.score([record(self._value(n)) for n in range(PERIOD)])
        self._ends: list[End] = ["signal" if o.signal is not None else "nothing" for o in outcomes]

    def message(self, number: int, topic: str) -> Message:
        """Return a record of the load."""
        if kind_of(number) not in READABLE:
            return message(number, topic)
        return Message(topic, b"%d" % number, self._value(number), (("origin", b"load"),))

    def end_of(self, number: int) -> End:
        """Return what must come of it."""
        return self._ends[number % PERIOD] if kind_of(number) in READABLE else end_of(number)

    def _value(self, number: int) -> bytes:
        item = {"id": f"item-{number}", "text": self._texts[number % PERIOD]}
        return json.dumps(item).encode()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a worker holds at one moment."""

    seconds: float
    resident_bytes: int
    file_handles: int
    lag: int
    processor_seconds: float
    load_average: float


async def capacity(bench: Bench, mix: CorpusMix) -> float:
    """Return how many records of the mix a worker takes in a second, with all stages."""
    load = functools.partial(Load, make=mix.message)
    async with World(bench, rate=1e9, load=load) as world:
        while world.sent < CAPACITY_ITEMS:  # noqa: ASYNC110 - it grows as the broker acknowledges
            await asyncio.sleep(0.1)
        await world.stop_load()
        items = await world.behind()
        worker = world.worker(model=None, stage="all")
        await asyncio.to_thread(worker.start)
        begun, before = time.monotonic(), await world.committed()
        while await world.behind():  # noqa: ASYNC110 - the state is the broker's
            await asyncio.sleep(0.1)
        return (items - before) / (time.monotonic() - begun)


async def soak(bench: Bench, minutes: float) -> Row:
    """Run at half of the capacity; memory and file handles stay flat, lag stays bounded."""
    mix = CorpusMix()
    able = await capacity(bench, mix)
    load = functools.partial(Load, make=mix.message)
    async with World(bench, rate=able / 2, load=load, oracle=Oracle(mix.end_of)) as world:
        worker = world.worker(model=None, stage="all")
        await world.start(worker)
        samples: list[Sample] = []
        begun = time.monotonic()
        while (now := time.monotonic() - begun) < minutes * 60:
            samples.append(sample(worker, now, await world.behind()))
            await asyncio.sleep(SAMPLE_SECONDS)
        note = describe(samples, able)
        return await world.finish(f"soak of {minutes:g} minutes at half capacity", 1, note)


def sample(worker: WorkerProcess, seconds: float, lag: int) -> Sample:
    """Look at a worker's process."""
    process = Path(f"/proc/{worker.pid}")
    status = dict(
        line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line
    )
    resident = int(status["VmRSS"].split()[0]) * 1024
    # Behind the name, which may hold blanks: fields 14 and 15 of proc(5), in clock ticks.
    spent = (process / "stat").read_text().rsplit(")", 1)[1].split()[11:13]
    handles = len(list((process / "fd").iterdir()))
    ticks = sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")
    return Sample(seconds, resident, handles, lag, ticks, os.getloadavg()[0])


def describe(samples: list[Sample], able: float) -> str:
    """Return the slopes and bounds in words."""
    late = [each for each in samples if each.seconds >= samples[-1].seconds * WARM_UP]
    hours = np.array([each.seconds / 3600 for each in late])
    mebibytes = np.array([each.resident_bytes / 2**20 for each in late])
    slope = float(np.polyfit(hours, mebibytes, 1)[0]) if len(late) > 1 else float("nan")
    handles = [each.file_handles for each in late]
    worst = max(late, key=lambda each: each.lag)
    share = _processor_share(samples, worst)
    return (
        f"capacity {able:.0f}/s with all stages, load {able / 2:.0f}/s;"
        f" memory {mebibytes.min():.0f} to {mebibytes.max():.0f} MiB, slope {slope:+.0f} MiB/h;"
        f" file handles {min(handles)} to {max(handles)}; lag at most {worst.lag}, after"
        f" {worst.seconds / 60:.0f} minutes, when the worker had {share:.0%} of a processor and the"
        f" machine's load average was {worst.load_average:.1f}"
    )


def _processor_share(samples: list[Sample], at: Sample) -> float:
    """Return which share of one processor the worker had in the samples up to one."""
    before = samples[max(0, samples.index(at) - 6)]
    passed = at.seconds - before.seconds
    return (at.processor_seconds - before.processor_seconds) / passed if passed else float("nan")
