"""What the model sees, as metrics: its probabilities by cue, and how far they have moved.

Counted by numpy a batch at a time: ten observations for each item through the client's own
histograms would cost as much as scoring.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from classifier import reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

    from classifier import Assessment, Item
    from streams.scoring import Model

WINDOW = 5000
"""Items that the index looks back on: older ones fade by ``e`` for each so many newer ones."""

ENOUGH = 500
"""Items before there is an index at all: few of them lie by chance as they do."""


SAMPLE = 20
"""One item of so many has its words looked up, which costs about as much as scoring it."""


class Drift(Collector):
    """Collects the distributions and their distance to the model's reference.

    A watcher of :class:`streams.scoring.Scorer`; called in its thread, read from the web's.

    Parameters
    ----------
    registry
        Where it is collected.
    model
        The model in service; without a reference in its manifest no index is given.
    """

    def __init__(self, registry: CollectorRegistry, model: Model) -> None:
        self._model = model
        self._expected = _expected(model)
        self._seen = 0
        self._unknown: float | None = None
        self._ever = reference.counts([])
        self._lately = reference.counts([])
        self._sum = dict.fromkeys(reference.FEATURES, 0.0)
        self._lock = Lock()
        registry.register(self)

    def exchanged(self, model: Model) -> None:
        """Compare with another model's reference from now on, and forget what was seen lately."""
        with self._lock:
            self._model, self._unknown = model, None
            self._expected = _expected(model)
            self._lately = reference.counts([])

    def saw(self, items: Sequence[Item], assessed: Sequence[Assessment]) -> None:
        """Count a batch."""
        scored = [each for each in assessed if each.supported]
        seen = reference.counts(scored)
        fade = np.exp(-len(items) / WINDOW)
        self._look_words_up(scored)
        with self._lock:
            for feature, counts in seen.items():
                self._ever[feature] += counts
                self._lately[feature] = self._lately[feature] * fade + counts
            for cue in self._sum.keys() - {reference.LENGTH}:
                self._sum[cue] += sum(each.scores[cue] for each in scored)

    def _look_words_up(self, scored: Sequence[Assessment]) -> None:
        look_up = getattr(self._model, "unknown_words", None)
        first = -self._seen % SAMPLE
        self._seen += len(scored)
        if look_up is None:
            return
        for each in scored[first::SAMPLE]:
            share = look_up(each.text)
            before = share if self._unknown is None else self._unknown
            self._unknown = before + (share - before) * SAMPLE / WINDOW

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, as the registry asks."""
        with self._lock:
            yield self._probabilities()
            yield self._indices()
            yield self._unknown_words()

    def describe(self) -> Iterator[Metric]:
        """Yield the names alone; without it the registry would collect once at registration."""
        yield HistogramMetricFamily("escalation_cue_probability", "")
        yield GaugeMetricFamily("escalation_drift_psi", "")
        yield GaugeMetricFamily("escalation_unknown_words_ratio", "")

    def _probabilities(self) -> HistogramMetricFamily:
        # Calibrated probability of each cue over all items. Most lie near zero; mass that moves up
        # while alerts do not is a model at the edge of its floor.
        family = HistogramMetricFamily(
            "escalation_cue_probability", "Calibrated probability by cue", labels=["cue"]
        )
        bounds = [str(edge) for edge in reference.SCORE_EDGES] + ["+Inf"]
        for cue, total in self._sum.items():
            if cue != reference.LENGTH:
                cumulated = np.cumsum(self._ever[cue]).tolist()
                family.add_metric([cue], list(zip(bounds, cumulated, strict=True)), total)
        return family

    def _indices(self) -> GaugeMetricFamily:
        # Population stability index against the model's reference, by feature: below 0.1 nothing
        # has moved, above 0.25 the news is another than the model knows. Read some, then train.
        family = GaugeMetricFamily(
            "escalation_drift_psi",
            "Population stability index against the model's reference",
            labels=["feature"],
        )
        for feature, expected in self._expected.items():
            lately = self._lately[feature]
            if lately.sum() >= ENOUGH:
                family.add_metric([feature], reference.stability_index(lately, expected))
        return family

    def _unknown_words(self) -> GaugeMetricFamily:
        # Share of words that training never saw, in a sample, averaged over the window. A jump is
        # another kind of text, or a language that was not recognised.
        family = GaugeMetricFamily(
            "escalation_unknown_words_ratio", "Share of words that training never saw"
        )
        if self._unknown is not None:
            family.add_metric([], self._unknown)
        return family


def _expected(model: Model) -> Mapping[str, Sequence[float]]:
    found: Mapping[str, Sequence[float]] | None = getattr(
        getattr(model, "info", None), "reference", None
    )
    return found or {}
