"""The two judges together, fitted on held-out items.

Each view's log-odds are the mean of the two judges', the encoder's share the same in all
views; from there on it is as with the linear judge alone: a weighted sum of the views, then
calibrated. Weights are not negative, so that an item's probability never falls when either
judge's log-odds rise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.combine import Floats
    from classifier.encoder.reading import Read


@dataclass(frozen=True, slots=True)
class Stack:
    """Fitted weights and calibration.

    Parameters
    ----------
    share
        The encoder's in the mean of log-odds, 0 to 1.
    weights
        Of the views, ``(VIEWS,)``.
    scale
        Slope and intercept for each label's items, ``(n_labels, 2)``.
    sentence_scale
        The same for single sentences.
    """

    share: float
    weights: Floats
    scale: Floats
    sentence_scale: Floats

    def item_logits(self, read: Read) -> Floats:
        """Return calibrated log-odds of items, ``(n_items, n_labels)``."""
        both = read.views(self.share) @ self.weights
        return np.asarray(both * self.scale[:, 0] + self.scale[:, 1])

    def sentence_probabilities(self, linear: Floats, encoder: Floats) -> Floats:
        """Return calibrated probabilities of sentences from both judges' joined log-odds."""
        both = (1 - self.share) * linear + self.share * encoder
        return np.asarray(expit(both * self.sentence_scale[:, 0] + self.sentence_scale[:, 1]))

    def state(self) -> dict[str, Any]:
        """Return it as a bundle keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}

    @staticmethod
    def of(state: Mapping[str, Any]) -> Stack:
        """Rebuild it from a bundle."""
        return Stack(**{name: state[name] for name in Stack.__slots__})
