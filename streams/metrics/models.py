"""The model that scores, the bundles that were to replace it, and its shadow."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram, Info

from streams.metrics.family import Family, born

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from streams.records import ModelRef


class ModelMetrics(Family):
    """Of the model's life."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        # Which model scores.
        self.model = Info("escalation_model", "The model that scores", registry=registry)
        # When that model was trained. Old: the news moves on, train again.
        self.model_trained = Gauge(
            "escalation_model_trained_timestamp_seconds",
            "When the model that scores was trained",
            registry=registry,
        )
        # New bundles by what came of them: accepted, refused. Refused: the log says why, and the
        # model before goes on.
        self.model_changes = Counter(
            "escalation_model_changes", "New bundles by result", ["result"], registry=registry
        )
        born(self.model_changes, ("accepted", "refused"))
        # Items scored by a shadow model too, by agreement: both_alert, neither, only_served,
        # only_shadow, failed. What promoting the shadow would change.
        self.shadow_items = Counter(
            "escalation_shadow_items", "Items by agreement", ["agreement"], registry=registry
        )
        # How far the two models' scores are apart.
        self.shadow_difference = Histogram(
            "escalation_shadow_score_difference",
            "Difference between the scores of the two models",
            buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1),
            registry=registry,
        )

    def set_model(self, reference: ModelRef, trained: str | None = None) -> None:
        """Say which model scores and when (RFC 3339) it was trained."""
        about = {"version": reference.version, "digest": reference.digest}
        if trained is not None:
            about["trained"] = trained
            self.model_trained.set(datetime.fromisoformat(trained).timestamp())
        self.model.info(about)
