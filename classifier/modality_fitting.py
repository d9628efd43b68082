"""Fit the judge of modality (see :mod:`classifier.modality`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from classifier.modality import WORDS, modality_features
from classifier.ontology import DE_ESCALATION, LABELS, modalities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.corpus import Example, Passage

STRENGTH: Final = 0.3
LEAST: Final = 2
"""Texts that a feature must stand in."""

RARE: Final = 0.5
"""Weight of a modality is its number of texts to the power of minus this: between none (0)
and full balance (1), since a mistaken "demanded" costs about as much as a missed one."""


def fit_modality(examples: Sequence[Example], common: frozenset[str]) -> dict[str, Any]:
    """Return the state of a judge of modality.

    Parameters
    ----------
    examples
        Of the train split; passages whose authors gave a modality count.
    common
        See :mod:`classifier.masking`.
    """
    passages = [p for e in examples for p in e.passages if p.modality]
    counter = CountVectorizer(
        analyzer=lambda text: list(modality_features(text, common)),
        min_df=LEAST,
        binary=True,
        dtype=np.float64,
    )
    counts = counter.fit_transform([passage.text for passage in passages])
    names = [str(name) for name in counter.get_feature_names_out()]
    weights = np.zeros((len(names), len(WORDS)))
    priors = np.zeros((len(LABELS), len(WORDS)))
    for peace in (False, True):
        labels = [label for label in LABELS if (label == DE_ESCALATION) == peace]
        _fit(counts, passages, labels, weights, priors)
    kept = np.flatnonzero(np.abs(weights).max(axis=1) > 0)
    return {
        "vocabulary": [names[at] for at in kept],
        "weights": weights[kept],
        "priors": priors,
    }


def _fit(
    counts: Any, passages: Sequence[Passage], labels: Sequence[str], weights: Any, priors: Any
) -> None:
    pairs = [
        (at, label, passage.modality[label])
        for at, passage in enumerate(passages)
        for label in labels
        if label in passage.modality
    ]
    rows = [at for at, _, _ in pairs]
    ones = np.array([[label == other for other in labels] for _, label, _ in pairs], dtype=float)
    features = hstack([counts[rows], csr_array(ones)], format="csr")
    said = np.array([word for _, _, word in pairs])
    size = counts.shape[1]
    words = modalities(labels[0])
    share = {word: float(max(1, (said == word).sum())) ** -RARE for word in words}
    weight = np.array([share[word] for word in said])
    weight *= len(weight) / weight.sum()
    for word in words:
        wanted = said == word
        if not 0 < wanted.sum() < len(wanted):
            continue
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
        model.fit(features, wanted, sample_weight=weight)
        column = WORDS.index(word) if labels[0] != DE_ESCALATION else WORDS.index(word, 4)
        # Rounded, so that the order of sums in another BLAS gives the same digest.
        weights[:, column] = np.round(model.coef_[0, :size], 4)
        for at, label in enumerate(labels):
            prior = model.coef_[0, size + at] + model.intercept_[0]
            priors[LABELS.index(label), column] = round(float(prior), 4)
