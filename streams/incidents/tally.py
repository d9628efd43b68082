"""What the incidents stage counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.incidents.book import Change
    from streams.incidents.partition import Partition
    from streams.metrics import Metrics
    from streams.records import Alert, Signal

EXEMPLAR_LIMIT = 100
"""Characters of an id in an exemplar; OpenMetrics allows 128 for all names and values."""


class Tally:
    """Counts changes once they are acknowledged."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.time) -> None:
        self._metrics = metrics
        self._clock = clock

    def count(self, change: Change, signal: Signal | None = None, *, told: bool = True) -> None:
        """Count one change; ``signal`` is the one that it comes of, if it is one's.

        An alert that is not ``told`` is no alert: it is a dead letter.
        """
        if change.alert is not None and told:
            self._count_alert(change.alert, signal)
        if change.silence is not None:
            self._metrics.suppressed.labels(change.silence).inc()
        if change.late:
            self._metrics.late.inc()

    def _count_alert(self, alert: Alert, signal: Signal | None) -> None:
        self._metrics.alerts.labels(alert.severity).inc()
        self._metrics.confidence.observe(alert.confidence)
        for why in alert.why:
            self._metrics.steps.labels(alert.step, why).inc()
        if signal is None:
            return
        # The exemplar leads from a slow bucket to the item that fell into it.
        item = {"item_id": signal.id[:EXEMPLAR_LIMIT]}
        for since, histogram in (
            (signal.ingested_at, self._metrics.ingested_to_alert),
            (signal.published_at, self._metrics.published_to_alert),
        ):
            if since is not None:
                histogram.observe(max(0.0, self._clock() - since.timestamp()), item)

    def show(self, partitions: Iterable[Partition]) -> None:
        """Show how many incidents are open."""
        self._metrics.incidents_open.set(sum(each.open for each in partitions))
