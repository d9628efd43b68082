"""The linear judge: log-odds of sentences, by looking words up.

It stands for the plain scikit-learn pipeline of :mod:`classifier.plain` and gives the same
numbers: since all features add up, the weights of a word and of all its character n-grams
are summed once into one row per form, and a sentence is the sum of the rows of its forms,
its known pairs and its negated forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from classifier.features import CHARACTERS, NEGATED, NEGATIONS, SCOPE, character_ngrams
from classifier.lexicon import END, Floats, Lexicon, LexiconFullError
from classifier.masking import NAME
from classifier.pairs import KeyTable

_BASE: Final = 1 << 31


class LinearJudge:
    """Scores sentences.

    Parameters
    ----------
    vocabulary
        Feature names, shape ``(n_features,)``.
    coef
        Weight of each feature for each output, shape ``(n_features, n_outputs)``.
    intercept
        Shape ``(n_outputs,)``.
    common
        See :mod:`classifier.masking`.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        coef: Floats,
        intercept: Floats,
        common: frozenset[str],
    ) -> None:
        self.intercept = intercept
        self.outputs = coef.shape[1]
        self.common = common
        self._coef = coef
        self._index = {name: at for at, name in enumerate(vocabulary)}
        # Classes and negations need fixed numbers, whether or not training kept them.
        plain = [n for n in vocabulary if " " not in n and not n.startswith((CHARACTERS, NEGATED))]
        forms = sorted({*plain, *NEGATIONS, NAME})
        self._forms = {form: at + 1 for at, form in enumerate(forms)}
        rows = [np.zeros(self.outputs), *(self._row(form) for form in forms)]
        self._weights = np.array(rows)
        self._name = self._forms[NAME]
        self._negates = np.zeros(len(rows) + 1, dtype=bool)
        self._negates[[self._forms[word] for word in NEGATIONS]] = True
        self._compile_pairs()
        self._compile_negated()
        self._lexicon = self._fresh()

    def logits(self, sentences: Sequence[str]) -> Floats:
        """Return the log-odds of sentences, shape ``(n_sentences, n_outputs)``."""
        lexicon = self._lexicon
        try:
            return self._logits(sentences, lexicon)
        except LexiconFullError:
            # Too many new words since the start: forget them, and take no more than a
            # sentence's worth at once if these alone are too many.
            self._lexicon = self._fresh()
        if len(sentences) <= 1:
            return self._logits(sentences, self._lexicon)
        half = len(sentences) // 2
        parts = [self.logits(sentences[:half]), self.logits(sentences[half:])]
        return np.concatenate(parts)

    def weight(self, feature: str) -> Floats:
        """Return the weights of a feature, shape ``(n_outputs,)``; zeros when unknown."""
        at = self._index.get(feature)
        return np.zeros(self.outputs) if at is None else self._coef[at]

    def _logits(self, sentences: Sequence[str], lexicon: Lexicon) -> Floats:
        ids = _numbers(sentences, lexicon)
        before = ids[:-1]
        # A run of unknown names is one name.
        doubled = (ids[1:] == self._name) & (before == self._name)
        if doubled.any():
            ids = ids[np.concatenate([[True], ~doubled])]
        ends = np.flatnonzero(ids == END)
        starts = np.concatenate([[0], ends + 1])
        total = _sums(lexicon.weights, ids, starts)
        pairs, places = self._pairs.find(ids[:-1] * _BASE + ids[1:])
        total += _sums(self._pair_rows, places, np.searchsorted(pairs, starts))
        self._add_negated(total, ids, starts)
        total += self.intercept
        return total

    def _add_negated(self, total: Floats, ids: npt.NDArray[np.int64], starts: Any) -> None:
        negates = self._negates[np.minimum(ids, len(self._negates) - 1)]
        at = np.flatnonzero(negates)
        if not len(at):
            return
        under = (at[:, None] + np.arange(1, SCOPE + 1)).ravel()
        ends = starts[np.searchsorted(starts, at, side="right")] - 1
        under = np.unique(under[under < np.repeat(ends, SCOPE)])
        under = under[~negates[under]]
        found, places = self._negated.find(ids[under])
        total += _sums(self._negated_rows, places, np.searchsorted(under[found], starts))

    def _row(self, form: str) -> Floats:
        row = self.weight(form).copy()
        for name in character_ngrams(form):
            row += self.weight(name)
        return row

    def _fresh(self) -> Lexicon:
        return Lexicon(self._forms, self.common, self._weights, self._row)

    def _compile_pairs(self) -> None:
        get = self._forms.get
        names = [n for n in self._index if " " in n and not n.startswith(CHARACTERS)]
        known = [(n, l, r) for n in names for l, _, r in [n.partition(" ")] if get(l) and get(r)]
        keys = np.array([get(l, 0) * _BASE + get(r, 0) for _, l, r in known], dtype=np.int64)
        self._pairs = KeyTable(keys)
        self._pair_rows = self._coef[[self._index[n] for n, _, _ in known]]

    def _compile_negated(self) -> None:
        names = [n for n in self._index if n.startswith(NEGATED)]
        known = [n for n in names if n.removeprefix(NEGATED) in self._forms]
        keys = [self._forms[n.removeprefix(NEGATED)] for n in known]
        self._negated = KeyTable(np.array(keys, dtype=np.int64))
        self._negated_rows = self._coef[[self._index[n] for n in known]]


def _numbers(sentences: Sequence[str], lexicon: Lexicon) -> npt.NDArray[np.int64]:
    """Return the forms of all sentences, each sentence followed by :data:`END`."""
    numbers: list[int] = []
    long = lexicon.long
    for sentence in sentences:
        chunks = sentence.split()
        start = len(numbers)
        for chunk in chunks:
            numbers += lexicon[chunk]
        if not long.isdisjoint(chunks):
            numbers[start:] = lexicon.sentence(sentence)
        numbers.append(END)
    return np.array(numbers, dtype=np.int64)


def _sums(rows: Floats, places: npt.NDArray[Any], starts: npt.NDArray[Any]) -> Floats:
    """Sum ``rows[places]`` over each stretch between ``starts``."""
    shape = (len(starts) - 1, len(rows))
    chosen = csr_array((np.ones(len(places)), places, starts), shape=shape)
    return np.asarray(chosen @ rows)
