"""Metrics are there before what they count happens, so that its first time is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.models import WordModel
from prometheus_client import CollectorRegistry

from streams.delivery.webhooks.metrics import WebhookMetrics
from streams.metrics import Metrics
from streams.shadow import Shadow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.samples import Sample

BY_PARTITION = {"escalation_offset_out_of_range"}
"""Counters whose labels nobody knows before the group has told the partitions: see `LagWatch`."""


@pytest.fixture
def registry() -> CollectorRegistry:
    """Return the registry of a worker that has done nothing yet."""
    registry = CollectorRegistry()
    Shadow(WordModel(), Metrics(registry))
    WebhookMetrics(registry).meet("desk")
    return registry


def totals(registry: CollectorRegistry) -> Iterator[tuple[str, list[Sample]]]:
    """Yield the name and the samples of each counter."""
    for family in registry.collect():
        if family.type == "counter":
            yield family.name, [s for s in family.samples if s.name.endswith("_total")]


def test_every_counter_is_born_at_zero(registry: CollectorRegistry) -> None:
    found = dict(totals(registry))

    assert {name for name, samples in found.items() if not samples} == BY_PARTITION
    assert {sample.value for samples in found.values() for sample in samples} == {0.0}


@pytest.mark.parametrize(
    ("counter", "labels"),
    [
        ("items", {"outcome": "dead_letter"}),
        ("signals", {"cue": "armed_clash", "modality": "threatened", "severity": "high"}),
        ("alerts", {"severity": "critical"}),
        ("incident_steps", {"step": "updated", "why": "new_source"}),
        ("suppressed_signals", {"reason": "cool_down"}),
        ("dead_letters", {"stage": "decode", "error": "BadItem"}),
        ("feedback", {"verdict": "confirm", "reason": "none"}),
        ("feedback", {"verdict": "dismiss", "reason": "metaphor"}),
        ("model_changes", {"result": "refused"}),
        ("shadow_items", {"agreement": "only_shadow"}),
        ("page_feedback", {"verdict": "refused"}),
        ("webhook_deliveries", {"target": "desk", "result": "dead_letter"}),
        ("webhook_attempts", {"target": "desk", "result": "timeout"}),
    ],
)
def test_a_rate_sees_the_first_of_each(
    registry: CollectorRegistry, counter: str, labels: dict[str, str]
) -> None:
    assert registry.get_sample_value(f"escalation_{counter}_total", labels) == 0.0


def test_what_cannot_be_is_not_counted(registry: CollectorRegistry) -> None:
    """No series for a verdict with the reason of another, or a cue in no modality of its own."""
    found = dict(totals(registry))

    given = {(s.labels["verdict"], s.labels["reason"]) for s in found["escalation_feedback"]}
    assert ("confirm", "metaphor") not in given
    assert len(given) == 10
    assert len(found["escalation_signals"]) == 5 * (9 * 4 + 3)
