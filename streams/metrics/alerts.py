"""What went out and why: alerts, the lives of incidents, tension, verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from prometheus_client import Counter, Gauge, Histogram

from classifier.types import Severity
from streams.incidents.life import Silence
from streams.metrics.family import Family, born
from streams.records.alert import Step, Why
from streams.records.feedback import Reason, Verdict

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class AlertMetrics(Family):
    """Of the incidents stage and its output."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        # Seconds from the item's record in Kafka to its acknowledged alert. What a subscriber
        # waits for us.
        self.ingested_to_alert = Histogram(
            "escalation_ingested_to_alert_seconds",
            "Seconds from the item's record to its acknowledged alert",
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
            registry=registry,
        )
        # Seconds from publication, as the publisher says, to the acknowledged alert: with the way
        # to us. Much more than the one above: a crawler or a queue before us is late.
        self.published_to_alert = Histogram(
            "escalation_published_to_alert_seconds",
            "Seconds from the item's publication to its acknowledged alert",
            buckets=(1, 5, 10, 30, 60, 300, 900, 1800, 3600, 14400, 86400),
            registry=registry,
        )
        # Alerts published, by severity.
        self.alerts = Counter(
            "escalation_alerts", "Alerts published", ["severity"], registry=registry
        )
        born(self.alerts, get_args(Severity))
        # Steps in the lives of incidents, by why they were told. Many `new_source` and few
        # `opened`: one story fills the news.
        self.steps = Counter(
            "escalation_incident_steps",
            "Steps of incidents that were told",
            ["step", "why"],
            registry=registry,
        )
        born(self.steps, get_args(Step), get_args(Why))
        # Signals that raised no alert, by reason: cool_down and no_news (joined, and nothing new),
        # late, stale (published too long ago), dismissed (by an analyst), nothing_to_calm (peace
        # where no incident was). Many `stale`: a feed sends its archive, or its clock is wrong.
        self.suppressed = Counter(
            "escalation_suppressed_signals",
            "Signals that raised no alert",
            ["reason"],
            registry=registry,
        )
        born(self.suppressed, get_args(Silence))
        # Incidents of this worker's partitions that are not closed. It is the size of the state.
        self.incidents_open = Gauge(
            "escalation_incidents_open", "Incidents that are not closed", registry=registry
        )
        # Signals that were published long before others of their partition that came earlier.
        self.late = Counter(
            "escalation_late_signals", "Signals behind their partition's clock", registry=registry
        )
        # Confidence of published alerts. Mass at 0.5 is single sources, at 0.2 rumours.
        self.confidence = Histogram(
            "escalation_alert_confidence",
            "Confidence of published alerts",
            buckets=(0.1, 0.2, 0.3, 0.5, 0.75, 0.9, 0.99, 1.0),
            registry=registry,
        )
        # Tension of a pair of states by window, see `streams.tension`. A pair is on one worker;
        # `other` sums the pairs without a gauge, so add it up over workers. A jump in 1h that 24h
        # follows is a crisis; look at the pair's incidents.
        self.tension = Gauge(
            "escalation_tension",
            "Severity-weighted, decayed sum of a pair's signals",
            ["pair", "window"],
            registry=registry,
        )
        # Analysts' verdicts. Many dismissals for one reason: export them and train with them.
        self.feedback = Counter(
            "escalation_feedback", "Analysts' verdicts", ["verdict", "reason"], registry=registry
        )
        for verdict in get_args(Verdict):
            # Only a dismissal has a reason.
            born(self.feedback, (verdict,), get_args(Reason) if verdict == "dismiss" else ("none",))
