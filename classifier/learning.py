"""Fit the linear judge: counts of n-grams beside places of words in an embedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array, hstack

from classifier.combine import OUTPUTS
from classifier.features import CHARACTERS, NEGATED
from classifier.fitting import as_seen, feature_scale, fit_output, importance, known_words, truth
from classifier.kinship import STAND_INS
from classifier.plain import vectorizer
from classifier.rebuilding import judge_of
from classifier.wordpieces import WordPieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.corpus import Example
    from classifier.embedding import Embedding
    from classifier.linear import LinearJudge

Floats = npt.NDArray[np.float64]

KINSHIP_SCALE: Final = 0.02
"""How far kinship may speak against a word's own weight; chosen on the validation split."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The fitted judge as plain data, and its parts by name as a bundle keeps them."""

    state: dict[str, Any]

    def judge(self) -> LinearJudge:
        """Return the judge."""
        return judge_of(self.state)


def learn(
    examples: Sequence[Example], embedding: Embedding | None, tell: Callable[[str, int], None]
) -> Learnt:
    """Fit every output on ``examples``.

    Parameters
    ----------
    examples
        Of the train split.
    embedding
        Of word pieces; None to do without.
    tell
        Told each step's name and number.
    """
    passages = [passage for example in examples for passage in example.passages]
    texts = [text for example in examples for text in as_seen(example)]
    words = known_words(texts)
    counter = vectorizer(words)
    counts = counter.fit_transform(texts)
    vocabulary = [str(name) for name in counter.get_feature_names_out()]
    scale = feature_scale(vocabulary, counts)
    features: Any = counts @ diags_array(scale)
    columns = [at for at, name in enumerate(vocabulary) if _is_form(name)]
    forms = [vocabulary[at] for at in columns]
    places = None
    rarity = np.zeros(len(forms))
    if embedding is not None:
        rarity = _rarity(counts, columns)
        places = _places(forms, embedding) * rarity[:, None] * KINSHIP_SCALE
        features = hstack([features, csr_array(counts[:, columns] @ places)], format="csr")
    wanted, weight = truth(p.labels for p in passages), importance(examples)
    coef = np.zeros((features.shape[1], len(OUTPUTS)))
    intercept = np.zeros(len(OUTPUTS))
    for at, name in enumerate(OUTPUTS):
        tell(f"learning {name}", 1 + at)
        coef[:, at], intercept[at] = fit_output(features, wanted[:, at], weight)
    state = {
        "vocabulary": vocabulary,
        "common": sorted(words.common),
        "frequent": sorted(words.frequent),
        "coef": coef[: len(vocabulary)] * scale[:, None],
        "intercept": intercept,
        "pieces": [],
    }
    if embedding is not None:
        direction = coef[len(vocabulary) :] * KINSHIP_SCALE
        state |= {
            "pieces": list(embedding.pieces),
            "piece_weights": np.round(embedding.table @ direction, 5).astype(np.float32),
            "forms": forms,
            "rarity": rarity,
            "unseen": float(np.log(counts.shape[0] + 1) / 10),
        }
    return Learnt(state)


def _is_form(name: str) -> bool:
    return " " not in name and not name.startswith((CHARACTERS, NEGATED))


def _rarity(counts: Any, columns: Sequence[int]) -> Floats:
    """Return a tenth of the inverse document frequency, smoothed."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])[list(columns)]
    return np.asarray(np.log((counts.shape[0] + 1) / (seen + 1)) / 10)


def _places(forms: Sequence[str], embedding: Embedding) -> Floats:
    pieces = WordPieces(embedding.pieces)
    found = np.zeros((len(forms), embedding.table.shape[1]))
    for at, form in enumerate(forms):
        numbers = pieces.split(STAND_INS.get(form, form))
        if numbers:
            found[at] = embedding.table[numbers].mean(axis=0)
    return found
