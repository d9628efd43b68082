"""What words never seen in training share with those that were: a weight for each piece.

In training every word has, beside its own weight, a place in the embedding space of a
general language model, and the regression learns a direction in it for each output. Since
all is linear, nothing of the space is needed afterwards: each piece of the vocabulary has
one number for each output, and a word's further weight is the mean over its pieces, times
the word's rarity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from classifier.wordpieces import WordPieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Floats = npt.NDArray[np.float64]

STAND_INS: Final = {
    "<state>": "country",
    "<people>": "country",
    "<capital>": "city",
    "<bloc>": "organization",
    "<agency>": "agency",
    "<armed>": "militant",
    "<name>": "name",
    "<year>": "year",
    "<num>": "number",
    "<day>": "day",
    "<month>": "month",
}
"""The word whose place a class takes."""


class Kinship:
    """Weights of words by their pieces.

    Parameters
    ----------
    pieces
        Vocabulary; empty for a model that was trained without.
    weights
        Shape ``(n_pieces, n_outputs)``.
    rarity
        Of each trained form.
    unseen
        Rarity of all others.
    """

    def __init__(
        self, pieces: Sequence[str], weights: Floats, rarity: Mapping[str, float], unseen: float
    ) -> None:
        self._pieces = WordPieces(pieces)
        self._weights = weights
        self._rarity = rarity
        self._unseen = unseen

    def weight(self, form: str) -> Floats:
        """Return the weights of a form, shape ``(n_outputs,)``."""
        numbers = self._pieces.split(STAND_INS.get(form, form))
        if not numbers:
            return np.zeros(self._weights.shape[1])
        mean = self._weights[numbers].mean(axis=0)
        return np.asarray(mean * self._rarity.get(form, self._unseen))
