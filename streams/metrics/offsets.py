"""Whether it keeps up: lag, commits, and partitions that come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge

from streams.metrics.family import Family

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class OffsetMetrics(Family):
    """Of every stage's consumer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        # Records between the committed position and the end of a partition.
        self.lag = Gauge(
            "escalation_lag_records",
            "Records behind the end of the partition",
            ["topic", "partition"],
            registry=registry,
        )
        # When a stage last committed. Old while lag is above zero: stalled.
        self.last_commit = Gauge(
            "escalation_last_commit_timestamp_seconds",
            "When a stage last committed",
            ["stage"],
            registry=registry,
        )
        # Batches given up since the group moved their partition; another worker redoes them.
        self.lost_batches = Counter(
            "escalation_batches_given_up",
            "Batches not committed since their partitions moved",
            registry=registry,
        )
        # Times that a partition's committed offset no longer existed: records expired before they
        # were read. Lengthen the topic's retention, or find out why the worker was away so long.
        self.out_of_range = Counter(
            "escalation_offset_out_of_range",
            "Times that a committed offset no longer existed",
            ["topic", "partition"],
            registry=registry,
        )
