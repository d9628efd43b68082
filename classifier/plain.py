"""The plain scikit-learn pipeline that the fast judge stands for.

Slow and readable: cut into n-grams, count, multiply. Training fits it; tests hold
:class:`classifier.linear.LinearJudge` equal to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

from classifier.features import Analyzer

if TYPE_CHECKING:
    from collections.abc import Sequence


def vectorizer(common: frozenset[str], vocabulary: Sequence[str] | None = None) -> CountVectorizer:
    """Return the vectorizer; without a vocabulary it is to be fitted."""
    names = None if vocabulary is None else list(vocabulary)
    return CountVectorizer(
        analyzer=Analyzer(common), vocabulary=names, min_df=2 if names is None else 1, dtype=float
    )


def logits(state: dict[str, Any], texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return log-odds of texts, shape ``(n_texts, n_outputs)``, from a bundle's state."""
    counts = vectorizer(frozenset(state["common"]), state["vocabulary"]).transform(texts)
    return np.asarray(counts @ state["coef"] + state["intercept"])
