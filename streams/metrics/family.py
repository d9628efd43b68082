"""What every part of the metrics has."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics import MetricWrapperBase


class Family:
    """Metrics on one registry, which is injected."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry


def born(metric: MetricWrapperBase, *values: Iterable[str]) -> None:
    """Let a metric exist, at zero, for every combination of its labels' values.

    A rate is seen between two scrapes: of a counter that is born at one, the first event is never
    seen, neither by a panel nor by an alarm.
    """
    for labels in itertools.product(*values):
        metric.labels(*labels)
