"""Authored stories as signals of the real model, and how well they are told apart.

A file holds items in the order of their time; `event` says which belong together.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from harness.incidents import Bench
from harness.records import record
from streams.records import ModelRef
from streams.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier import EscalationModel
    from streams.records import Signal

STORIES = Path(__file__).resolve().parents[1] / "streams" / "incidents" / "stories"


class Told(NamedTuple):
    """A signal and the event that its author meant."""

    event: str
    signal: Signal


class Pairs(NamedTuple):
    """Pairs of signals: rightly together, wrongly together, wrongly apart."""

    together: int
    merged: int
    split: int

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together."""
        return self.together / (self.together + self.merged)

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put together."""
        return self.together / (self.together + self.split)


def scored(model: EscalationModel, lines: Iterable[bytes]) -> list[Signal]:
    """Return the signals of items, one JSON object a line."""
    scorer = Scorer(model, ModelRef(version="", digest=""), 1 << 20)
    outcomes = scorer.score([record(line) for line in lines])
    return [outcome.signal for outcome in outcomes if outcome.signal is not None]


def stories(model: EscalationModel, path: Path) -> list[Told]:
    """Return what the model finds in a file of stories."""
    lines = path.read_bytes().splitlines()
    events = {item["id"]: item["event"] for item in map(json.loads, lines)}
    return [Told(events[signal.id], signal) for signal in scored(model, lines)]


def joined(told: Iterable[Told]) -> list[tuple[str, str]]:
    """Return event and incident of each signal that is in one, as the engine puts them."""
    bench = Bench()
    found = []
    for each in told:
        before = {x.id: x.items for state in bench.engine.book.all() for x in state.incidents}
        bench.changes(each.signal)
        for state in bench.engine.book.all():
            found += [(each.event, x.id) for x in state.incidents if x.items != before.get(x.id, 0)]
    return found


def pairs(found: Iterable[tuple[str, str]]) -> Pairs:
    """Count the pairs of one file."""
    counted = {"together": 0, "merged": 0, "split": 0}
    for (event, incident), (other_event, other) in itertools.combinations(found, 2):
        if event == other_event:
            counted["together" if incident == other else "split"] += 1
        elif incident == other:
            counted["merged"] += 1
    return Pairs(**counted)
