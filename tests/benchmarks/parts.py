"""The parts of the benchmark; each yields the rows of its table and stands alone."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from harness.circumstances import ROOT

from benchmarks import open_incidents, profile
from benchmarks.contestants import (
    ALL,
    CONFLUENT,
    ENCODER,
    ENCODER_2,
    LINEAR,
    QUIX,
    Contestant,
    python_path,
)
from benchmarks.progress import agree
from benchmarks.runs import backlog, open_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.world import World

Row: TypeAlias = dict[str, Any]
COMPARED = (LINEAR, ENCODER, CONFLUENT)
"""Ours and the strongest peer, where not all are measured."""
USUAL = {"processes": ("processes", 1), "lengths": ("length", 1_500), "shares": ("share", 0.05)}
"""What the throughput part measures, in the terms of parts that vary one thing."""
LOADS = {"10 %": 0.1, "50 %": 0.5, "80 %": 0.8}


REPEATED = 100_000
"""Largest backlog that is run in each repetition."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much each part does."""

    repetitions: int = 3
    seconds: float = 5.0
    items: int = 100_000
    load_seconds: float = 6.0
    load_alerts: int = 60
    backlogs: tuple[int, ...] = (1_000, 10_000, 100_000)
    opened: tuple[int, ...] = (100, 1_000, 10_000, 100_000)
    signals: int = 2_000
    lengths: tuple[int, ...] = (100, 20_000)
    shares: tuple[float, ...] = (0.002, 0.5)
    known: dict[str, float] = field(default_factory=dict)
    """Items a second of contestants, as an earlier part has found them."""


QUICK = Sizes(
    repetitions=1,
    seconds=3.0,
    items=20_000,
    load_seconds=3.0,
    load_alerts=10,
    backlogs=(1_000, 5_000),
    opened=(100, 1_000),
    signals=500,
    lengths=(100,),
    shares=(0.5,),
)


def throughput(world: World, sizes: Sizes) -> Iterator[Row]:
    """Every contestant over a backlog, then the limits; they take turns."""
    topic = world.backlog(sizes.items)
    path = world.items(10_000)
    for number in range(sizes.repetitions):
        first: list[int] = []
        for contestant in ALL:
            if contestant.missing is None:
                row = backlog(world, contestant, topic, sizes.seconds) | {"repetition": number}
                if contestant.kind != "ours":
                    first = first or row["numbers"]
                    row["same"] = agree(first, row["numbers"])
                yield row
        for name, words in _limits(world, topic, str(path), sizes).items():
            yield {"contestant": name, "repetition": number, **_limit(*words)}


def _limits(world: World, topic: str, path: str, sizes: Sizes) -> dict[str, tuple[str, ...]]:
    seconds = str(sizes.seconds)
    limits: dict[str, tuple[str, ...]] = {
        "scorer, linear": ("scorer", "linear", "1", path, seconds),
        "scorer, default": ("scorer", "default", "1", path, seconds),
    }
    if CONFLUENT.missing is None:
        settings = world.settings("consume", topic)
        servers = settings.kafka_bootstrap_servers
        limits["plain pipeline"] = ("plain", str(world.plain()), path, seconds)
        limits["consume"] = ("consume", servers, topic, settings.score_group, seconds)
    return limits


def latency(world: World, sizes: Sizes) -> Iterator[Row]:
    """Publish-to-alert latency at shares of the capacity that was found."""
    for number in range(sizes.repetitions):
        for contestant in (LINEAR, ENCODER, CONFLUENT, QUIX):
            if contestant.missing is None:
                capacity = _capacity(world, contestant, sizes)
                for row in open_loop(world, contestant, _loads(capacity, sizes, LOADS), capacity):
                    yield row | {"repetition": number}


def _loads(capacity: float, sizes: Sizes, shares: dict[str, float]) -> dict[str, tuple[float, int]]:
    """Return rates and counts: so many seconds, or more where these give too few alerts."""
    found = {}
    for name, share in shares.items():
        rate = share * capacity
        enough = min(2 * sizes.load_seconds * rate, sizes.load_alerts / 0.05)
        found[name] = (rate, round(max(sizes.load_seconds * rate, enough)))
    return found


def _capacity(world: World, contestant: Contestant, sizes: Sizes) -> float:
    if contestant.name not in sizes.known:
        row = backlog(world, contestant, world.backlog(sizes.items), sizes.seconds)
        sizes.known[contestant.name] = row["rate"]
    return sizes.known[contestant.name]


def processes(world: World, sizes: Sizes) -> Iterator[Row]:
    """Two processes that share the partitions; one is in the throughput."""
    topic = world.backlog(sizes.items)
    for number, contestant, count in _turns(sizes, COMPARED, (2,)):
        row = backlog(world, contestant, topic, sizes.seconds, count)
        yield row | {"processes": count, "repetition": number}


def backlogs(world: World, sizes: Sizes) -> Iterator[Row]:
    """Backlogs from small to large, each to its end; very large ones but once."""
    for number, count in _pairs(sizes, sizes.backlogs):
        if number == 0 or count <= REPEATED:
            row = backlog(world, LINEAR, world.backlog(count), None)
            yield row | {"backlog": count, "repetition": number}


def incidents(_: World, sizes: Sizes) -> Iterator[Row]:
    """From few open incidents to many."""
    for opened in sizes.opened:
        yield from open_incidents.cost(opened, sizes.signals, sizes.repetitions)


def lengths(world: World, sizes: Sizes) -> Iterator[Row]:
    """Items shorter and longer than the usual ones."""
    for number, contestant, length in _turns(sizes, COMPARED, sizes.lengths):
        topic = world.backlog(_fitting(sizes, length), length)
        row = backlog(world, contestant, topic, sizes.seconds)
        yield row | {"length": length, "repetition": number}


def _fitting(sizes: Sizes, length: int) -> int:
    """Return how many items: as many bytes as of the usual length, within reason."""
    return min(2 * sizes.items, max(sizes.items // 12, sizes.items * 1_500 // length))


def shares(world: World, sizes: Sizes) -> Iterator[Row]:
    """Fewer and more items about a cue than usual."""
    for number, contestant, share in _turns(sizes, COMPARED, sizes.shares):
        # Items about a cue take several times as long, and a rate needs several batches.
        seconds = sizes.seconds * (1 + 5 * share)
        row = backlog(world, contestant, world.backlog(sizes.items, share=share), seconds)
        yield row | {"share": share, "repetition": number}


def threads(world: World, sizes: Sizes) -> Iterator[Row]:
    """Run the encoder with one thread and with two."""
    topic = world.backlog(sizes.items)
    for number, contestant, _ in _turns(sizes, (ENCODER, ENCODER_2), (0,)):
        row = backlog(world, contestant, topic, sizes.seconds)
        half = _loads(row["rate"], sizes, {"50 %": 0.5})
        [told] = open_loop(world, contestant, half, row["rate"])
        yield row | {"seconds": told["seconds"], "repetition": number}


def hot_path(world: World, sizes: Sizes) -> Iterator[Row]:
    """Where the time goes, for both judges."""
    topic = world.backlog(sizes.items)
    for contestant in (LINEAR, ENCODER):
        yield from profile.record(world, contestant, topic, sizes.seconds)


def _turns(
    sizes: Sizes, contestants: tuple[Contestant, ...], values: tuple[Any, ...]
) -> Iterator[tuple[int, Contestant, Any]]:
    """Yield each repetition of each contestant with each value; they take turns."""
    for number in range(sizes.repetitions):
        for value in values:
            for contestant in contestants:
                if contestant.missing is None:
                    yield number, contestant, value


def _pairs(sizes: Sizes, values: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for number in range(sizes.repetitions):
        for value in values:
            yield number, value


def _limit(*words: str) -> Row:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.limits", *words],
        env=python_path(),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended by itself:\n{done.stderr.decode()[-2000:]}")
    row: Row = json.loads(done.stdout)
    return row


PARTS: dict[str, Callable[[World, Sizes], Iterator[Row]]] = {
    "throughput": throughput,
    "latency": latency,
    "backlogs": backlogs,
    "incidents": incidents,
    "threads": threads,
    "processes": processes,
    "profile": hot_path,
    "lengths": lengths,
    "shares": shares,
}
