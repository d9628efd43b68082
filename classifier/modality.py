"""Tell how a cue is reported: done, threatened, warned of, demanded, offered, expected.

A small linear judge of its own, over the words and pairs of the evidence sentence (names
masked, each counted once) and the cue. It learns from the modality that the corpus's
authors gave, and is asked only about sentences behind a reported cue. ``denied``, which no
text of the corpus is labelled with since a denied act is no cue, is a rule.
"""

from __future__ import annotations

import functools
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from classifier.features import read_sentence
from classifier.ontology import CUE_MODALITIES, DE_ESCALATION, DE_ESCALATION_MODALITIES, LABELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from classifier.types import Modality

Floats = npt.NDArray[np.float64]

WORDS: Final = (*CUE_MODALITIES, *DE_ESCALATION_MODALITIES)
"""Columns of the judge: those of the nine cues, then those of ``de_escalation``."""

_CUES: Final = slice(0, len(CUE_MODALITIES))
_PEACE: Final = slice(len(CUE_MODALITIES), len(WORDS))
_DENIED: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)\b(?! (?:entry|access|visas?|passage|landing|permission))|"
    r"dismiss(?:es|ed|ing)? (?:reports?|claims?|talk|rumours?|rumors?)|no plans? (?:to|for)|"
    r"rul(?:es?|ed|ing) out|refut(?:es?|ed|ing)|disavow(?:s|ed)?|"
    r"(?:did|does|do|has|have|had) (?:not|never)|(?:didn|doesn|hasn|haven|hadn)['\u2019]t)\b",
    re.IGNORECASE,
)


def is_denied(sentence: str) -> bool:
    """Tell whether a sentence speaks of a denial."""
    return _DENIED.search(sentence) is not None


def modality_features(sentence: str, common: frozenset[str]) -> Iterator[str]:
    """Yield the words and pairs of a sentence, names masked, with repetitions."""
    forms = [reading.form for chunk in read_sentence(sentence, common) for reading in chunk]
    yield from forms
    yield from (f"{left} {right}" for left, right in pairwise(forms))


class ModalityJudge:
    """Gives the modality of a cue in a sentence.

    Parameters
    ----------
    vocabulary
        Feature names, shape ``(n_features,)``.
    weights
        Shape ``(n_features, 7)``, columns as :data:`WORDS`.
    priors
        What each label adds, intercept included, shape ``(n_labels, 7)``.
    common
        See :mod:`classifier.masking`.
    """

    def __init__(
        self, vocabulary: Collection[str], weights: Floats, priors: Floats, common: frozenset[str]
    ) -> None:
        self._index = {name: at for at, name in enumerate(vocabulary)}
        self._weights = weights
        self._priors = priors
        self._common = common
        # An evidence sentence often speaks for several cues.
        self._sums = functools.lru_cache(maxsize=64)(self._sum)

    @staticmethod
    def of(state: Mapping[str, Any], common: frozenset[str]) -> ModalityJudge:
        """Rebuild the judge from a bundle's state."""
        return ModalityJudge(state["vocabulary"], state["weights"], state["priors"], common)

    def __call__(self, label: str, sentence: str) -> Modality:
        """Return how ``sentence`` reports ``label``.

        Raises
        ------
        ValueError
            If ``label`` is none of :data:`classifier.ontology.LABELS`.
        """
        columns = _PEACE if label == DE_ESCALATION else _CUES
        total = self._sums(sentence)[columns] + self._priors[LABELS.index(label)][columns]
        word = WORDS[columns][int(total.argmax())]
        return "denied" if word == "occurred" and is_denied(sentence) else word

    def _sum(self, sentence: str) -> Floats:
        """Return the weights of a sentence's features together, ``(7,)``."""
        seen = set(modality_features(sentence, self._common))
        rows = sorted(at for at in map(self._index.get, seen) if at is not None)
        return np.asarray(self._weights[rows].sum(axis=0))
