"""The cheap screen before the judge: what cannot reach a floor is not looked at further.

The screen computes the linear judge's probability of each cue, from table look-ups only, and
drops an item when every label is below its threshold. Sentence offsets, evidence, modality
and actors are worked out for the rest.

With the linear judge alone the thresholds are the floors and the screen is exact: the
probability that it computes is the one that is reported. With an encoder behind it that may
lift an item, the thresholds are lower, chosen on held-out items so that next to no alert of
the two is lost (:func:`classifier.encoder.making.fit_screen`); both judges' say enters the
probability with weights that are not negative, so that more evidence never drops an item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from classifier.ontology import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Screen:
    """Passes what could reach a floor.

    Parameters
    ----------
    short, long
        Least probability of each label, ``(n_labels,)``, for items that are no more than
        title and two sentences, and for longer ones, where one sentence of many speaks up by
        chance and a true cue speaks clearly.
    """

    short: Floats
    long: Floats

    @staticmethod
    def of(manifest: Mapping[str, Any]) -> Screen:
        """Read the thresholds of a manifest; without any they are the floors."""
        found = manifest.get("screen", {})
        kinds = (found.get(kind, manifest["floors"]) for kind in ("short", "long"))
        return Screen(*(np.array([kind[label] for label in LABELS]) for kind in kinds))

    def passes(self, chances: Floats, short: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return which items go on, ``(n_items,)``.

        Parameters
        ----------
        chances
            The linear judge's probabilities, ``(n_items, n_labels)``.
        short
            Which items are short, ``(n_items,)``.
        """
        least = np.where(short[:, None], self.short, self.long)
        return np.asarray((chances >= least).any(axis=1))
