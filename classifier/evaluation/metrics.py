"""Figures for one column of truth and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, precision_recall_curve

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BINS: Final = 10
RESAMPLES: Final = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """How good the scores of one column are; None where truth has no positive item.

    Parameters
    ----------
    positives
        Items that have it.
    precision, recall, f1
        At the model's floor.
    best_f1
        At the best threshold, which nobody knows beforehand.
    average_precision
        Area under the precision-recall curve (step-wise, as scikit-learn).
    interval
        95 % bootstrap interval of the average precision (percentile method; Efron 1979).
    calibration_error
        Expected calibration error over ten bins of equal width (Guo et al. 2017).
    """

    positives: int
    precision: float | None
    recall: float | None
    f1: float | None
    best_f1: float | None
    average_precision: float | None
    interval: tuple[float, float] | None
    calibration_error: float


def figures(truth: Bools, scores: Floats, fired: Bools, seed: int = 0) -> Figures:
    """Compute the figures of one column.

    Parameters
    ----------
    truth, scores, fired
        What is true, the probability, and whether it was reported; each ``(n_items,)``.
    seed
        Of the bootstrap.
    """
    error = calibration_error(truth, scores)
    if not truth.any():
        return Figures(0, None, None, None, None, None, None, error)
    hits = int((truth & fired).sum())
    precision = hits / int(fired.sum()) if fired.any() else 0.0
    recall = hits / int(truth.sum())
    return Figures(
        positives=int(truth.sum()),
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        best_f1=best_f1(truth, scores),
        average_precision=float(average_precision_score(truth, scores)),
        interval=bootstrap(truth, scores, average_precision_score, seed),
        calibration_error=error,
    )


def best_f1(truth: Bools, scores: Floats) -> float:
    """Return the highest F1 over all thresholds."""
    precision, recall, _ = precision_recall_curve(truth, scores)
    return max(_f1(float(p), float(r)) for p, r in zip(precision, recall, strict=True))


def calibration_error(truth: Bools, scores: Floats) -> float:
    """Return the expected calibration error."""
    bins = reliability(truth, scores)
    total = sum(count for _, _, count in bins)
    return sum(abs(said - true) * count for said, true, count in bins) / max(total, 1)


def reliability(truth: Bools, scores: Floats) -> list[tuple[float, float, int]]:
    """Return mean probability, share that is true and count of each bin with items."""
    which = np.minimum((scores * BINS).astype(int), BINS - 1)
    found = []
    for at in range(BINS):
        inside = which == at
        if inside.any():
            found.append(
                (float(scores[inside].mean()), float(truth[inside].mean()), int(inside.sum()))
            )
    return found


def recall_at(truth: Bools, scores: Floats, ordinary: Floats, share: float) -> float:
    """Return the recall when ``share`` of the ordinary items raise a false alarm."""
    allowed = int(share * len(ordinary))
    threshold = np.sort(ordinary)[::-1][allowed]
    return float((scores[truth] > threshold).mean())


def bootstrap(
    truth: Bools, scores: Floats, measure: Callable[[Bools, Floats], float], seed: int
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a measure over resampled items."""
    random = np.random.default_rng(seed)
    found = []
    for _ in range(RESAMPLES):
        chosen = random.integers(len(truth), size=len(truth))
        if truth[chosen].any():
            found.append(float(measure(truth[chosen], scores[chosen])))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
