"""Every metric, in one place: what it means and what to do when it moves.

Base units, `escalation_` prefix, no unbounded label. The registry is injected.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.records import ModelRef, Signal
    from streams.scoring import Outcome


class Metrics:
    """The metrics of one worker, on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        # Items by what came of them: signal, below_floor, unsupported, dead_letter. The sum is
        # what was consumed; it stops growing when intake or the worker does.
        self.items = Counter("escalation_items", "Items by outcome", ["outcome"], registry=registry)
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
        # Alerts published, by severity.
        self.alerts = Counter(
            "escalation_alerts", "Alerts published", ["severity"], registry=registry
        )
        # Steps in the lives of incidents, by why they were told. Many `new_source` and few
        # `opened`: one story fills the news.
        self.steps = Counter(
            "escalation_incident_steps",
            "Steps of incidents that were told",
            ["step", "why"],
            registry=registry,
        )
        # Signals that raised no alert, by reason: cool_down and no_news (joined, and nothing new),
        # late, stale (published too long ago), dismissed (by an analyst), nothing_to_calm (peace
        # where no incident was). Many `stale`: a feed sends its archive, or its clock is wrong.
        self.suppressed = Counter(
            "escalation_suppressed_signals",
            "Signals that raised no alert",
            ["reason"],
            registry=registry,
        )
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
        # Records sent to the dead letters. Look with `escalation dlq`; a rise of stage `score`
        # is our bug, of stage `decode` a producer's.
        self.dead_letters = Counter(
            "escalation_dead_letters", "Dead letters", ["stage", "error"], registry=registry
        )
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
        # Times that a partition's committed offset no longer existed: records expired before they
        # were read. Lengthen the topic's retention, or find out why the worker was away so long.
        self.out_of_range = Counter(
            "escalation_offset_out_of_range",
            "Times that a committed offset no longer existed",
            ["topic", "partition"],
            registry=registry,
        )
        # Readers of the page whose stream is open now.
        self.page_clients = Gauge(
            "escalation_page_clients", "Open event streams of the page", registry=registry
        )
        # Events encoded for the readers, each once for all of them, by kind: alert, tension, state.
        self.page_events = Counter(
            "escalation_page_events", "Events of the page by kind", ["kind"], registry=registry
        )
        # Streams that were cut: slow (behind the feed), stuck (the network takes nothing),
        # too_many. They come back by themselves; many of them mean that the host is too small.
        self.page_dropped = Counter(
            "escalation_page_clients_dropped",
            "Event streams of the page that were cut",
            ["reason"],
            registry=registry,
        )
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

    def set_model(self, reference: ModelRef, trained: str | None = None) -> None:
        """Say which model scores and when (RFC 3339) it was trained."""
        about = {"version": reference.version, "digest": reference.digest}
        if trained is not None:
            about["trained"] = trained
            self.model_trained.set(datetime.fromisoformat(trained).timestamp())
        self.model.info(about)
