"""Metrics of webhooks: what reached whom, how long it took, who is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from prometheus_client import Counter, Gauge, Histogram

from streams.delivery.webhooks.attempt import Result
from streams.metrics.family import born

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


Came = Literal["delivered", "passed_over", "dead_letter"]
"""What came of an alert for a target."""


class WebhookMetrics:
    """The metrics of all targets of one worker, on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        # Alerts by what came of them: delivered, passed_over (the target's filter), dead_letter.
        # Dead letters mean that somebody missed an alert: look at the target, then at the letters.
        self.deliveries = Counter(
            "escalation_webhook_deliveries",
            "Alerts by target and what came of them",
            ["target", "result"],
            registry=registry,
        )
        # Requests by how they ended: ok, timeout, network, private_address, redirect,
        # rate_limited, refused (4xx), broken (5xx), unwritten (a bug of ours).
        self.attempts = Counter(
            "escalation_webhook_attempts",
            "Requests by target and how they ended",
            ["target", "result"],
            registry=registry,
        )
        # Seconds that a target takes to answer. Near its timeout: it will soon be left alone.
        self.seconds = Histogram(
            "escalation_webhook_attempt_duration_seconds",
            "Seconds from a request to its answer or its failure",
            ["target"],
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=registry,
        )
        # Seconds from the alert's record to its delivery: what the subscriber waits.
        self.delay = Histogram(
            "escalation_webhook_delay_seconds",
            "Seconds from an alert's record to its delivery",
            ["target"],
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200),
            registry=registry,
        )
        # 0 closed, 1 half open, 2 open: the target fails again and again and is left alone.
        self.circuit = Gauge(
            "escalation_webhook_circuit_state",
            "0 closed, 1 half open, 2 open",
            ["target"],
            registry=registry,
        )
        # Alerts that wait for a target, by partition of the alerts topic.
        self.lag = Gauge(
            "escalation_webhook_lag_records",
            "Alerts that wait for a target",
            ["target", "partition"],
            registry=registry,
        )

    def meet(self, target: str) -> None:
        """Let all that is told of a target exist from the start."""
        born(self.deliveries, (target,), get_args(Came))
        born(self.attempts, (target,), get_args(Result))
        for each in (self.seconds, self.delay):
            born(each, (target,))
