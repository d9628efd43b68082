"""What every part of the metrics has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class Family:
    """Metrics on one registry, which is injected."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
