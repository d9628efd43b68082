"""The page and its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from prometheus_client import Counter, Gauge

from streams.metrics.family import Family, born
from streams.records.feedback import Verdict

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class PageMetrics(Family):
    """Of the page."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        # Readers of the page whose stream is open now.
        self.page_clients = Gauge(
            "escalation_page_clients", "Open event streams of the page", registry=registry
        )
        # Events encoded for the readers, each once for all of them, by kind: alert, tension, state.
        self.page_events = Counter(
            "escalation_page_events", "Events of the page by kind", ["kind"], registry=registry
        )
        born(self.page_events, ("alert", "tension", "state"))
        # Streams that were cut: slow (behind the feed), stuck (the network takes nothing),
        # too_many. They come back by themselves; many of them mean that the host is too small.
        self.page_dropped = Counter(
            "escalation_page_clients_dropped",
            "Event streams of the page that were cut",
            ["reason"],
            registry=registry,
        )
        born(self.page_dropped, ("slow", "stuck", "too_many"))
        # Alerts in the page's memory and what they count for; both have a bound in the settings.
        self.page_alerts = Gauge(
            "escalation_page_alerts", "Alerts in the page's memory", registry=registry
        )
        self.page_bytes = Gauge(
            "escalation_page_alert_bytes",
            "Bytes that the alerts in the page's memory count for",
            registry=registry,
        )
        # Verdicts from the page: confirm, dismiss, note, refused. Many refused ones: look who asks.
        self.page_feedback = Counter(
            "escalation_page_feedback", "Verdicts from the page", ["verdict"], registry=registry
        )
        born(self.page_feedback, (*get_args(Verdict), "refused"))
