"""Distributions of what the model sees, and how far they are from what it knows."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from harness.models import WordModel, assessment
from prometheus_client import CollectorRegistry

from classifier import Item
from classifier.reference import reference
from streams.drift import ENOUGH, Drift


class Known(WordModel):
    """A model with this reference."""

    def __init__(self, known: dict[str, list[float]] | None) -> None:
        super().__init__()
        self.info = SimpleNamespace(reference=known)


def items(count: int, length: int) -> list[Item]:
    return [Item(str(n), "", "x" * length) for n in range(count)]


def seen(drift: Drift, batch: list[Item]) -> None:
    drift.saw(batch, [assessment(item, hot=False) for item in batch])


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def drift(registry: CollectorRegistry) -> Drift:
    known = [assessment(item, hot=False) for item in items(100, 300)]
    return Drift(registry, Known(reference(known, [False] * 99 + [True])))


def psi(registry: CollectorRegistry) -> float | None:
    return registry.get_sample_value("escalation_drift_psi", {"feature": "length"})


def test_there_is_no_index_before_there_are_enough_items(
    drift: Drift, registry: CollectorRegistry
) -> None:
    seen(drift, items(ENOUGH - 1, 300))
    assert psi(registry) is None


def test_news_as_it_was_has_an_index_near_zero_and_other_news_has_not(
    drift: Drift, registry: CollectorRegistry
) -> None:
    """And the window forgets: what was long ago does not hide what is now."""
    seen(drift, items(2000, 300))
    assert psi(registry) == pytest.approx(0, abs=0.01)

    for _ in range(10):
        seen(drift, items(2000, 5000))
    index = psi(registry)
    assert index is not None
    assert index > 0.25


def test_another_model_is_compared_with_its_own_reference(
    drift: Drift, registry: CollectorRegistry
) -> None:
    seen(drift, items(2000, 300))
    drift.exchanged(Known(None))
    assert psi(registry) is None


def test_probabilities_are_a_histogram_by_cue(drift: Drift, registry: CollectorRegistry) -> None:
    seen(drift, items(10, 300))

    labels = {"cue": "sanctions"}
    assert registry.get_sample_value("escalation_cue_probability_count", labels) == 10
    assert registry.get_sample_value("escalation_cue_probability_sum", labels) == pytest.approx(1)
    at_most = {**labels, "le": "0.1"}
    assert registry.get_sample_value("escalation_cue_probability_bucket", at_most) == 10


def test_the_share_of_unknown_words_is_that_of_a_sample(registry: CollectorRegistry) -> None:
    """One of twenty items is looked at, and every twentieth wherever batches end."""
    asked: list[str] = []

    class Reader(WordModel):
        def unknown_words(self, text: str) -> float:
            asked.append(text)
            return 0.25

    drift = Drift(registry, Reader())
    for size in (7, 30, 23):
        seen(drift, items(size, 10))

    assert len(asked) == 3
    assert registry.get_sample_value("escalation_unknown_words_ratio") == pytest.approx(0.25)
