"""The figures are those of their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.evaluation.metrics import calibration_error, figures, recall_at, reliability


def test_perfect_scores_have_perfect_figures() -> None:
    """All of precision, recall, F1 and average precision are one."""
    truth = np.array([True, True, False, False])
    found = figures(truth, np.array([1.0, 0.9, 0.1, 0.0]), truth)
    assert (found.precision, found.recall, found.f1, found.best_f1) == (1, 1, 1, 1)
    assert found.average_precision == 1


def test_without_a_positive_item_there_is_only_calibration() -> None:
    """Nothing is divided by nothing."""
    none = np.zeros(4, dtype=bool)
    found = figures(none, np.full(4, 0.25), none)
    assert found.average_precision is None
    assert found.calibration_error == pytest.approx(0.25)


def test_a_score_that_comes_true_as_often_as_it_says_is_calibrated() -> None:
    """Of ten items at .3, three are true."""
    truth = np.array([True] * 3 + [False] * 7)
    assert calibration_error(truth, np.full(10, 0.3)) == pytest.approx(0)
    assert np.allclose(reliability(truth, np.full(10, 0.3)), [(0.3, 0.3, 10)])


def test_the_recall_at_a_budget_counts_what_beats_the_ordinary() -> None:
    """One ordinary item in a hundred may be above the threshold."""
    ordinary = np.arange(100) / 100
    truth = np.array([True, True, True, False])
    assert recall_at(truth, np.array([0.995, 0.985, 0.5, 1.0]), ordinary, 0.01) == pytest.approx(
        2 / 3
    )


def test_the_interval_holds_the_figure() -> None:
    """And is the same every time."""
    random = np.random.default_rng(1)
    truth = random.random(300) < 0.3
    scores = np.clip(truth * 0.3 + random.random(300) * 0.7, 0, 1)
    one, two = (figures(truth, scores, scores > 0.5) for _ in range(2))
    assert one == two
    assert one.interval is not None
    assert one.average_precision is not None
    assert one.interval[0] < one.average_precision < one.interval[1]
