"""A million signals over fifty thousand keys through the engine: memory, and seconds a signal.

What is measured is what the incidents worker does for one record beside Kafka: decode the signal,
find its incident, decide, encode the key's state and put it into the table's store. Publishing is
not in it. Run by `make incidents-proof`; alone: ``python -m tests.incidents.scale``.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from harness.incidents import all_committed

from classifier import Actor, Cue, Evidence
from streams.incidents.engine import Engine
from streams.incidents.policy import Policy
from streams.records import ModelRef, Signal, decode_signal, encode
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 10, 5, tzinfo=UTC)
SPAN = timedelta(days=14)
PARTITIONS = 4
CUES = (("armed_clash", -9.5), ("sanctions", -6.0), ("military_buildup", -6.5), ("blockade", -7.5))
WORDS = re.findall(
    r"\w+",
    "soldiers fired killed border troops tanks village convoy attacked shells ministry wounded"
    " river bridge officials statement artillery positions overnight patrol closed trade freeze"
    " assets accounts exporters deployed brigade garrison warned answer force deadline harbour"
    " ships captain sailors crossing guards residents fled hospital commander spokesman denied",
)
"""Words that texts are drawn from, so that likeness and names have work to do."""

MODEL = ModelRef(version="scale", digest="0" * 64)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was measured when a share of the signals was through."""

    share: float
    seconds_each: float
    resident_mb: float
    state_mb: float
    keys: int
    open: int


def signals(count: int, keys: int, seed: int) -> Iterator[bytes]:
    """Yield encoded signals in the order of their time; some keys are in the news, most are not."""
    draw = random.Random(seed)
    for number in range(count):
        # Half of the signals are about a hundredth of the keys.
        key = draw.randrange(max(1, keys // 100)) if draw.random() < 0.5 else draw.randrange(keys)
        at = START + SPAN * (number / count) - timedelta(minutes=draw.random() * 50)
        yield encode(_signal(draw, number, key, at))


def _signal(draw: random.Random, number: int, key: int, at: datetime) -> Signal:
    name, score = draw.choice(CUES)
    place = f"Place{key % 97}{draw.randrange(2)}"
    text = f"{' '.join(draw.choices(WORDS, k=14)).capitalize()} near {place} on Monday."
    probability = draw.uniform(0.4, 1.0)
    evidence = (Evidence(text, 0, len(text), probability, ()),)
    cue = Cue(name, probability, "occurred", "ASSAULT", score, evidence)
    severity = -score * probability
    word = "critical" if severity >= 7.8 else "high" if severity >= 5.5 else "medium"
    one, other = f"A{key // 250:03d}", f"B{key % 250:03d}"
    return Signal(
        id=f"n{number}",
        key=f"{one}-{other}",
        title=" ".join(draw.choices(WORDS, k=6)),
        url=f"https://paper{draw.randrange(400)}.example/{number}",
        published_at=at,
        ingested_at=at,
        score=probability,
        scores={},
        alert=True,
        severity=word,
        severity_score=severity,
        cues=(cue,),
        actors=(Actor(one, one, "source"), Actor(other, other, "target")),
        model=MODEL,
    )


def measure(count: int, keys: int, shares: tuple[float, ...], seed: int = 5) -> list[Mark]:
    """Return what was measured around each share of the signals."""
    states: dict[bytes, bytes] = {}
    engine = Engine(Policy.of(load_settings(time_source="event")), states, all_committed)
    engine.book.recover(range(PARTITIONS))
    ends = [round(share * count) for share in shares]
    window = count // 20
    marks: list[Mark] = []
    spent = 0.0
    gc.freeze()
    for number, value in enumerate(signals(count, keys, seed)):
        if any(end - window == number for end in ends):
            spent = 0.0
        begun = time.process_time()
        signal = decode_signal(value)
        for _ in engine.signal(hash_of(signal.key), number, signal):
            pass
        spent += time.process_time() - begun
        if number + 1 in ends:
            share = shares[ends.index(number + 1)]
            state = sum(map(len, states.values())) / 1e6
            open_ones = sum(each.open for each in engine.book.partitions.values())
            marks.append(Mark(share, spent / window, resident_mb(), state, len(states), open_ones))
    return marks


def hash_of(key: str) -> int:
    """Return the partition of a key."""
    return sum(key.encode()) % PARTITIONS


def resident_mb() -> float:
    """Return the resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signals", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=50_000)
    given = parser.parse_args()
    print(table(measure(given.signals, given.keys, (0.1, 0.5, 1.0))))  # noqa: T201 - a command


def table(marks: list[Mark]) -> str:
    """Return the measurements as a Markdown table."""
    rows = [
        "| signals | microseconds a signal | resident MB | states MB | keys | open incidents |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {mark.share:.0%} | {mark.seconds_each * 1e6:.0f} | {mark.resident_mb:.0f}"
        f" | {mark.state_mb:.0f} | {mark.keys:,} | {mark.open:,} |"
        for mark in marks
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
