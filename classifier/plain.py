"""The plain scikit-learn pipeline that the fast judge stands for.

Slow and readable: cut into n-grams, count, multiply, divide by the length of the vector.
Training fits it; tests hold :class:`classifier.linear.LinearJudge` equal to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

from classifier.features import Analyzer, Vocabulary
from classifier.linear import SHORTEST

if TYPE_CHECKING:
    from collections.abc import Sequence


def vectorizer(words: Vocabulary, vocabulary: Sequence[str] | None = None) -> CountVectorizer:
    """Return the vectorizer; without a vocabulary it is to be fitted."""
    names = None if vocabulary is None else list(vocabulary)
    return CountVectorizer(
        analyzer=Analyzer(words), vocabulary=names, min_df=2 if names is None else 1, dtype=float
    )


def logits(state: dict[str, Any], texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return log-odds of texts, shape ``(n_texts, n_outputs)``, from a bundle's state."""
    counts = vectorizer(Vocabulary.of(state), state["vocabulary"]).transform(texts)
    length = np.sqrt(np.maximum(counts @ state["square"], SHORTEST))
    return np.asarray((counts @ state["coef"]) / length[:, None] + state["intercept"])
