"""What a model is worth on text that nothing was fitted on: the figures of its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from classifier.evaluation.metrics import calibration_error
from classifier.fitting import truth
from classifier.ontology import CUES, LABELS
from classifier.reference import reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.fitting import Unit
    from classifier.types import Assessment

SPLIT: Final = "test"
_DIGITS: Final = 4


def measure(
    assessed: Sequence[Assessment], units: Sequence[Unit], floors: Mapping[str, float]
) -> dict[str, Any]:
    """Return the figures of a model on held-out items.

    Parameters
    ----------
    assessed
        What the model says of the items.
    units
        The items, with what is true of them.
    floors
        Of each label.

    Returns
    -------
    dict
        ``items``; ``labels`` and ``escalation`` (any of the nine cues) with the number of
        items that bear it, precision and recall at the floors, average precision and expected
        calibration error; ``false_alarms``: the share of ``ordinary`` news and of ``quiet``
        text (which only shares the cues' words) that would alert. Empty without items.
    """
    if not units:
        return {}
    chances = np.array([[one.scores[label] for label in LABELS] for one in assessed])
    wanted = truth(unit.labels for unit in units)
    fired = chances >= np.array([floors[label] for label in LABELS])
    nine = np.array([label in CUES for label in LABELS])
    alarm = np.asarray(fired[:, nine].any(axis=1))
    any_cue = np.asarray(wanted[:, nine].any(axis=1))
    kinds = np.array([unit.kind for unit in units])
    return {
        "split": SPLIT,
        "items": len(units),
        "escalation": _figures(any_cue, chances[:, nine].max(axis=1), alarm),
        "labels": {
            label: _figures(wanted[:, at], chances[:, at], fired[:, at])
            for at, label in enumerate(LABELS)
        },
        "false_alarms": {
            kind: {
                "items": int((kinds == kind).sum()),
                "share": _share(alarm & (kinds == kind), kinds == kind),
            }
            for kind in ("ordinary", "quiet")
        },
    }


def like_a_feed(found: Sequence[Assessment], units: Sequence[Unit]) -> dict[str, list[float]]:
    """Return the reference of :mod:`classifier.reference`, from everyday news and cue items.

    Text that was written to share words with the cues is left out: no feed is full of it. Empty
    without items of either kind.
    """
    cue = [bool(set(unit.labels) & set(CUES)) for unit in units]
    kept = [has or unit.kind == "ordinary" for has, unit in zip(cue, units, strict=True)]
    if not any(cue) or sum(kept) == sum(cue):
        return {}
    return reference(
        [one for one, keep in zip(found, kept, strict=True) if keep],
        [has for has, keep in zip(cue, kept, strict=True) if keep],
    )


def _figures(
    wanted: npt.NDArray[np.bool_], chances: npt.NDArray[np.float64], fired: npt.NDArray[np.bool_]
) -> dict[str, float | int | None]:
    hits = wanted & fired
    average = float(average_precision_score(wanted, chances)) if wanted.any() else None
    return {
        "items": int(wanted.sum()),
        "precision": _share(hits, fired),
        "recall": _share(hits, wanted),
        "average_precision": None if average is None else round(average, _DIGITS),
        "calibration_error": round(calibration_error(wanted, chances), _DIGITS),
    }


def _share(part: npt.NDArray[np.bool_], whole: npt.NDArray[np.bool_]) -> float | None:
    return round(float(part.sum() / whole.sum()), _DIGITS) if whole.any() else None
