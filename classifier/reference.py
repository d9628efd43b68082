"""What a model's scores and texts look like on held-out text, to tell later whether news moves.

The reference is kept in a bundle's manifest as shares of items by bucket, for a feed of which
:data:`CUE_SHARE` bear a cue. Its distance to what a worker sees is the population stability index
(Siddiqi, "Credit Risk Scorecards", 2006): the sum over buckets of ``(p - q) ln(p / q)``; below 0.1
nothing has moved, above 0.25 it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from classifier.ontology import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.types import Assessment

Floats = npt.NDArray[np.float64]

CUE_SHARE: Final = 0.05
"""Share of items with a cue that the reference stands for, as in an ordinary newswire."""

LENGTH: Final = "length"
SCORE_EDGES: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.9)
"""Upper edges of the buckets of probabilities; one more bucket takes the rest."""

LENGTH_EDGES: Final = (100, 200, 400, 800, 1600, 3200, 6400, 12800)
"""The same for the length of the cleaned text, in code points."""

FEATURES: Final = (*LABELS, LENGTH)
LEAST_SHARE: Final = 1e-4
"""An empty bucket counts as this share, so that the index stays finite."""


def edges(feature: str) -> tuple[float, ...]:
    """Return the upper edges of a feature's buckets, all but the last, which has none."""
    return LENGTH_EDGES if feature == LENGTH else SCORE_EDGES


def counts(assessed: Sequence[Assessment]) -> dict[str, Floats]:
    """Count supported items by bucket.

    Returns
    -------
    dict
        Feature -> counts, shape ``(len(edges(feature)) + 1,)``.
    """
    scored = [each for each in assessed if each.supported]
    scores = np.array([[each.scores[label] for label in LABELS] for each in scored])
    found = {LENGTH: _histogram(np.array([len(each.text) for each in scored]), LENGTH_EDGES)}
    for at, label in enumerate(LABELS):
        column = scores[:, at] if scored else np.empty(0)
        found[label] = _histogram(column, SCORE_EDGES)
    return found


def reference(assessed: Sequence[Assessment], has_cue: Sequence[bool]) -> dict[str, list[float]]:
    """Return the shares of a feed of which :data:`CUE_SHARE` bear a cue.

    Parameters
    ----------
    assessed
        Held-out items as the model assesses them.
    has_cue
        Whether each of them truly bears one.
    """
    with_cue = counts([a for a, cue in zip(assessed, has_cue, strict=True) if cue])
    without = counts([a for a, cue in zip(assessed, has_cue, strict=True) if not cue])
    return {
        feature: [
            round(float(share), 6)
            for share in CUE_SHARE * _shares(with_cue[feature])
            + (1 - CUE_SHARE) * _shares(without[feature])
        ]
        for feature in FEATURES
    }


def stability_index(seen: Floats, expected: Sequence[float]) -> float:
    """Return the population stability index of counts against expected shares."""
    p = np.maximum(_shares(seen), LEAST_SHARE)
    q = np.maximum(np.asarray(expected), LEAST_SHARE)
    return float(((p - q) * np.log(p / q)).sum())


def read_reference(manifest: Mapping[str, Any]) -> dict[str, list[float]] | None:
    """Return a manifest's reference, or None where there is none or it has other buckets."""
    found = manifest.get("reference")
    if not isinstance(found, dict):
        return None
    fits = all(len(found.get(name, ())) == len(edges(name)) + 1 for name in FEATURES)
    return found if fits else None


def _histogram(values: npt.NDArray[Any], upper: Sequence[float]) -> Floats:
    buckets = np.searchsorted(np.asarray(upper), values, side="left")
    return np.bincount(buckets, minlength=len(upper) + 1).astype(np.float64)


def _shares(seen: Floats) -> Floats:
    return np.asarray(seen / max(1.0, float(seen.sum())))
