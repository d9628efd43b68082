"""Fit the linear judge: naive-Bayes weighted logistic regressions on vectors of length 1.

Each output is fitted as an NB-SVM (Wang and Manning, "Baselines and Bigrams: Simple, Good
Sentiment and Topic Classification", ACL 2012): features are scaled by their idf, a text's
vector is brought to length 1, and each feature is multiplied by its naive-Bayes log-count
ratio for the output before the regression. What a feature says by itself thus sets how far
the regression may use it, which is worth .03 of average precision on real news.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import diags_array
from sklearn.linear_model import LogisticRegression

from classifier.combine import OUTPUTS
from classifier.fitting import as_seen, feature_scale, importance, known_words, targets
from classifier.linear import LinearJudge
from classifier.plain import vectorizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.corpus import Example
    from classifier.features import Vocabulary

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STRENGTH: Final = 8.0
"""Inverse of the penalty of the logistic regressions; compared on the validation split and on the
measuring sets."""

SMOOTHING: Final = 1.0
"""Added to the counts of the naive-Bayes ratio."""

NEVER: Final = -10.0
"""Log-odds of an output that no text has, as "ordinary news" in a corpus without such files."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The fitted judge as plain data, its parts by name as a bundle keeps them."""

    state: dict[str, Any]
    words: Vocabulary
    """The very object that the texts were read with: what was read is remembered under it."""

    def judge(self) -> LinearJudge:
        """Return the judge."""
        return LinearJudge.of(self.state)


def learn(examples: Sequence[Example], tell: Callable[[str, int], None]) -> Learnt:
    """Fit every output on ``examples``.

    Parameters
    ----------
    examples
        Of the splits that are trained on.
    tell
        Told each step's name and number.
    """
    texts = [text for example in examples for text in as_seen(example)]
    words = known_words(texts)
    counter = vectorizer(words)
    counts = counter.fit_transform(texts)
    vocabulary = [str(name) for name in counter.get_feature_names_out()]
    scale = feature_scale(vocabulary, counts)
    square = np.round(scale**2, 9)
    length = np.sqrt(np.maximum(counts @ square, 1e-12))
    vectors = diags_array(1 / length) @ counts @ diags_array(scale)
    wanted, weight = targets(examples), importance(examples)
    found = []
    for at, name in enumerate(OUTPUTS):
        tell(f"learning {name}", 1 + at)
        found.append(_fit(vectors, wanted[:, at], weight))
    coef = np.array([row for row, _ in found]) * scale
    state = {
        "vocabulary": vocabulary,
        "common": sorted(words.common),
        "frequent": sorted(words.frequent),
        "known": sorted(words.known),
        # Rounded, so that the order of sums in another BLAS gives the same digest.
        "coef": np.round(coef.T, 6),
        "square": square,
        "intercept": np.round([at for _, at in found], 6),
    }
    return Learnt(state, words)


def _fit(vectors: Any, wanted: Bools, weight: Floats) -> tuple[Floats, float]:
    if not wanted.any():
        return np.zeros(vectors.shape[1]), NEVER
    ratio = _naive_bayes(vectors, wanted)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", tol=3e-3, random_state=0)
    model.fit((vectors @ diags_array(ratio)).tocsr(), wanted, sample_weight=weight)
    return model.coef_[0] * ratio, float(model.intercept_[0])


def _naive_bayes(vectors: Any, wanted: Bools) -> Floats:
    """Return the log-ratio of each feature's share in texts with the output and without."""
    present = vectors.astype(bool).astype(np.float64)
    inside = SMOOTHING + present.T @ wanted
    outside = SMOOTHING + present.T @ ~wanted
    return np.asarray(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))
