"""The plain scikit-learn pipeline that the fast judge stands for.

Slow and readable: cut into n-grams, count, multiply. Training fits it; tests hold
:class:`classifier.linear.LinearJudge` equal to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

from classifier.features import Analyzer, read_sentence
from classifier.kinship import Kinship
from classifier.text.sentences import pieces


def vectorizer(common: frozenset[str], vocabulary: Sequence[str] | None = None) -> CountVectorizer:
    """Return the vectorizer; without a vocabulary it is to be fitted."""
    names = None if vocabulary is None else list(vocabulary)
    return CountVectorizer(
        analyzer=Analyzer(common), vocabulary=names, min_df=2 if names is None else 1, dtype=float
    )


def logits(
    state: dict[str, Any], texts: Sequence[str], kinship: Kinship | None = None
) -> npt.NDArray[np.float64]:
    """Return log-odds of texts, shape ``(n_texts, n_outputs)``, from a bundle's state."""
    common = frozenset(state["common"])
    counts = vectorizer(common, state["vocabulary"]).transform(texts)
    found = np.asarray(counts @ state["coef"] + state["intercept"])
    if kinship is not None:
        for row, text in zip(found, texts, strict=True):
            for piece in pieces(text):
                for chunk in read_sentence(piece, common):
                    row += sum(kinship.weight(reading.form) for reading in chunk)
    return found
