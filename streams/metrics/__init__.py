"""Every metric, in one place: what it means and what to do when it moves.

Base units, `escalation_` prefix, no unbounded label. The registry is injected. Each part has a
file; a worker has them all on one object.
"""

from streams.metrics.alerts import AlertMetrics
from streams.metrics.items import ItemMetrics
from streams.metrics.models import ModelMetrics
from streams.metrics.offsets import OffsetMetrics
from streams.metrics.page import PageMetrics


class Metrics(ItemMetrics, AlertMetrics, OffsetMetrics, PageMetrics, ModelMetrics):
    """The metrics of one worker, on one registry."""


__all__ = ["Metrics"]
