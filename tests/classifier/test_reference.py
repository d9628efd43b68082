"""The population stability index says whether news moves."""

from __future__ import annotations

import numpy as np
import pytest
from harness.models import assessment
from hypothesis import given
from hypothesis import strategies as st

from classifier import Item
from classifier.reference import (
    FEATURES,
    LENGTH,
    counts,
    edges,
    read_reference,
    reference,
    stability_index,
)

ITEMS = [assessment(Item(str(n), "", "word " * n), hot=n % 2 == 0) for n in range(1, 101)]


def test_every_supported_item_is_counted_once_in_every_feature() -> None:
    """And in the bucket that holds its value."""
    found = counts(ITEMS)

    assert {feature: row.sum() for feature, row in found.items()} == dict.fromkeys(FEATURES, 100)
    assert found[LENGTH].tolist() == [20, 20, 40, 20, 0, 0, 0, 0, 0]


def test_the_reference_stands_for_a_feed_with_few_cues() -> None:
    """Items with a cue weigh five in a hundred, however many there are."""
    long = [assessment(Item("", "", "x" * 20_000), hot=True)] * 50
    short = [assessment(Item("", "", "x"), hot=False)] * 50

    shares = reference([*long, *short], [True] * 50 + [False] * 50)

    assert shares[LENGTH][-1] == pytest.approx(0.05)
    assert shares[LENGTH][0] == pytest.approx(0.95)


def test_the_index_is_that_of_the_formula() -> None:
    """By hand: (.6-.5) ln(.6/.5) + (.4-.5) ln(.4/.5)."""
    by_hand = 0.1 * np.log(1.2) - 0.1 * np.log(0.8)

    assert stability_index(np.array([60.0, 40.0]), [0.5, 0.5]) == pytest.approx(by_hand)


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3))
def test_the_index_is_finite_and_never_negative(seen: list[int]) -> None:
    """Empty buckets included."""
    index = stability_index(np.array(seen, dtype=float), [0.2, 0.0, 0.8])

    assert np.isfinite(index)
    assert index >= 0


def test_a_reference_of_other_buckets_is_none() -> None:
    """Nor is one that is missing."""
    whole = {feature: [0.0] * (len(edges(feature)) + 1) for feature in FEATURES}

    assert read_reference({"reference": whole}) == whole
    assert read_reference({"reference": {**whole, LENGTH: [1.0]}}) is None
    assert read_reference({}) is None
