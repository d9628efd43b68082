"""The cheap screen before the judge: what cannot reach a floor is not looked at further.

For the linear judge the screen is exact. Its probability of a cue is a function of the
sentences' log-odds that never falls when one of them rises: the views are the block's own
log-odds and maxima, their weights and the slopes of the calibration are not negative. The
screen computes that probability itself, from table
look-ups only, and drops an item when every label is below its floor: then no cue of it can
be reported. Sentence offsets, evidence, modality and actors are worked out for the rest.

A stronger judge that may lift an item by up to ``margin`` in log-odds widens the screen by
as much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Screen:
    """Passes what could reach a floor.

    Parameters
    ----------
    floors
        Probability for each label, shape ``(n_labels,)``.
    margin
        By how much, in log-odds, the judge behind the screen may raise an item; 0 for the
        linear judge, which agrees with the screen.
    """

    floors: Floats
    margin: float = 0.0

    def passes(self, chances: Floats) -> npt.NDArray[np.bool_]:
        """Return which items go on, shape ``(n_items,)``, from ``(n_items, n_labels)``."""
        least = expit(logit(self.floors) - self.margin) if self.margin else self.floors
        return np.asarray((chances >= least).any(axis=1))
