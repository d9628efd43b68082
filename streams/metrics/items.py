"""What came in and what became of it: items, batches, signals, dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from prometheus_client import Counter, Gauge, Histogram

from classifier import LABELS
from classifier.ontology import modalities
from classifier.types import Severity
from streams.metrics.family import Family, born
from streams.scoring import Came

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import CollectorRegistry

    from streams.records import Signal
    from streams.scoring import Outcome


KNOWN_DEATHS: Final = {
    "decode": ("BadItem", "ItemTooLarge", "UnreadableRecord"),
    "score": ("SignalRefused",),
    "incidents": ("AlertRefused",),
}
"""Errors of dead letters that can be foreseen. Any other is a bug, whose name nobody knows yet."""


class ItemMetrics(Family):
    """Of the score stage and its input."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        # Items by what came of them: signal, below_floor, unsupported, dead_letter. The sum is
        # what was consumed; it stops growing when intake or the worker does.
        self.items = Counter("escalation_items", "Items by outcome", ["outcome"], registry=registry)
        born(self.items, get_args(Came))
        # Records scored together. Near the maximum: the worker is behind; near one: it is idle.
        self.batch_records = Histogram(
            "escalation_batch_records",
            "Records scored and committed together",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
            registry=registry,
        )
        # Seconds from a batch's arrival to the end of scoring. Grows with text length and cues.
        self.score_seconds = Histogram(
            "escalation_score_duration_seconds",
            "Seconds to score one batch",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=registry,
        )
        # Time of the record of the latest item. Old: nobody sends news.
        self.last_item = Gauge(
            "escalation_last_item_timestamp_seconds",
            "Time of the latest item's record",
            registry=registry,
        )
        # Records fetched and not yet committed. Bounded by two batches; flat above zero: stalled.
        self.in_progress = Gauge(
            "escalation_in_progress_records",
            "Records fetched and not yet committed",
            registry=registry,
        )
        # Cues over their floor in published signals. A storm or a drought of one cue is worth a
        # look at the news, then at the model.
        self.signals = Counter(
            "escalation_signals",
            "Cues over their floor in published signals",
            ["cue", "modality", "severity"],
            registry=registry,
        )
        for cue in LABELS:
            born(self.signals, (cue,), modalities(cue), get_args(Severity))
        # Records sent to the dead letters. Look with `escalation dlq`; a rise of stage `score`
        # is our bug, of stage `decode` a producer's.
        self.dead_letters = Counter(
            "escalation_dead_letters", "Dead letters", ["stage", "error"], registry=registry
        )
        for stage, errors in KNOWN_DEATHS.items():
            born(self.dead_letters, (stage,), errors)

    def count_outcomes(self, outcomes: Iterable[Outcome]) -> None:
        """Count what came of a batch."""
        for outcome in outcomes:
            self.items.labels(outcome.name).inc()
            if outcome.dead is not None:
                self.dead_letters.labels(outcome.dead.stage, outcome.dead.error).inc()
            if outcome.signal is not None:
                self.count_signal(outcome.signal)

    def count_signal(self, signal: Signal) -> None:
        """Count the cues of one signal."""
        for cue in signal.cues:
            self.signals.labels(cue.cue, cue.modality, signal.severity).inc()
