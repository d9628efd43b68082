"""The linear judge: log-odds of sentences, by looking chunks up.

It stands for the plain scikit-learn pipeline of :mod:`classifier.plain` and gives the same
numbers: since all features add up, a sentence is the sum of the rows of its chunks, of the
known pairs across their borders, and of the chunks under a negation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from classifier.features import CHARACTERS, NEGATED, NEGATIONS, SCOPE, character_ngrams
from classifier.kinship import Kinship
from classifier.lexicon import END, END_CHUNK, ChunkMeaning, Floats, Lexicon, LexiconFullError
from classifier.masking import glue, read_chunk
from classifier.pairs import KeyTable

_BASE: Final = 1 << 31
_SEPARATOR: Final = f" {END_CHUNK} "
Ints = npt.NDArray[np.int64]


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
    kinship
        Further weights of words; None for none.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        coef: Floats,
        intercept: Floats,
        common: frozenset[str],
        kinship: Kinship | None = None,
    ) -> None:
        self.intercept = intercept
        self.outputs = coef.shape[1]
        self.common = common
        self._coef = coef
        self._kinship = kinship
        self._index = {name: at for at, name in enumerate(vocabulary)}
        pairs = [n for n in vocabulary if " " in n and not n.startswith(CHARACTERS)]
        sides = [pair.partition(" ")[::2] for pair in pairs]
        forms = sorted({form for side in sides for form in side})
        self._numbers = {form: at + 1 for at, form in enumerate(forms)}
        keys = [self._numbers[left] * _BASE + self._numbers[right] for left, right in sides]
        self._pairs = KeyTable(np.array(keys, dtype=np.int64))
        self._pair_rows = coef[[self._index[pair] for pair in pairs]]
        self._lexicon = self._fresh()

    def logits(self, sentences: Sequence[str]) -> Floats:
        """Return the log-odds of sentences, shape ``(n_sentences, n_outputs)``.

        Sentences are clean: neither NUL nor word joiner is in them.
        """
        if not sentences:
            return np.empty((0, self.outputs))
        try:
            return self._logits(sentences, self._lexicon)
        except LexiconFullError:
            self._lexicon = self._fresh()
        if len(sentences) == 1:
            return self._logits(sentences, self._lexicon)
        half = len(sentences) // 2
        return np.concatenate([self.logits(sentences[:half]), self.logits(sentences[half:])])

    def weight(self, feature: str) -> Floats:
        """Return the weights of a feature, shape ``(n_outputs,)``; zeros when unknown."""
        at = self._index.get(feature)
        return np.zeros(self.outputs) if at is None else self._coef[at]

    def form_weight(self, form: str) -> Floats:
        """Return all that a form weighs: itself, its character n-grams, its kinship."""
        features = [form, *character_ngrams(form)]
        rows = [at for at in map(self._index.get, features) if at is not None]
        own = self._coef[rows].sum(axis=0)
        return own if self._kinship is None else own + self._kinship.weight(form)

    def _logits(self, sentences: Sequence[str], lexicon: Lexicon) -> Floats:
        ids = _numbers(sentences, lexicon)
        ends = np.flatnonzero(ids == END)
        starts = np.concatenate(([0], ends + 1))
        total = _sums(lexicon.rows, ids, starts)
        self._add_pairs(total, ids, starts, lexicon)
        self._add_negated(total, ids, starts, lexicon)
        total += self.intercept
        return total

    def _add_pairs(self, total: Floats, ids: Ints, starts: Ints, lexicon: Lexicon) -> None:
        last, first = lexicon.last[ids], lexicon.first[ids]
        if (first < 0).any():
            # A chunk without words ("-") does not part its neighbours.
            full = np.flatnonzero((first >= 0) | (ids == END))
            starts = np.searchsorted(full, starts)
            last, first = last[full], first[full]
        # The numbers of unknown forms are 0, the mark of an end is -1: neither is in a key.
        borders, places = self._pairs.find(last[:-1] * _BASE + first[1:])
        total += _sums(self._pair_rows, places, np.searchsorted(borders, starts))

    def _add_negated(self, total: Floats, ids: Ints, starts: Ints, lexicon: Lexicon) -> None:
        at = np.flatnonzero(lexicon.negates[ids])
        if not len(at):
            return
        ends = starts[np.searchsorted(starts, at, side="right")] - 1
        under = at[:, None] + np.arange(1, SCOPE + 1)
        under = np.unique(under[under < ends[:, None]])
        total += _sums(lexicon.negated, ids[under], np.searchsorted(under, starts))

    def _mean(self, chunk: str) -> ChunkMeaning:
        forms = [reading.form for reading in read_chunk(chunk, self.common)]
        row, negated = np.zeros(self.outputs), np.zeros(self.outputs)
        for form in forms:
            row += self.form_weight(form)
            if form not in NEGATIONS:
                negated += self.weight(NEGATED + form)
        for left, right in zip(forms, forms[1:], strict=False):
            row += self.weight(f"{left} {right}")
        numbers = [self._numbers.get(form, 0) for form in forms] or [-1]
        negates = not NEGATIONS.isdisjoint(forms)
        return ChunkMeaning(row, negated, numbers[0], numbers[-1], negates)

    def _fresh(self) -> Lexicon:
        return Lexicon(self.outputs, self._mean)


def _numbers(sentences: Sequence[str], lexicon: Lexicon) -> Ints:
    """Return the chunks of all sentences, each sentence followed by :data:`END`."""
    ids = _look_up(sentences, lexicon)
    named = np.flatnonzero(lexicon.starts[ids[:-1]] & lexicon.follows[ids[1:]])
    if not len(named):
        return ids
    # Names of several words are rare: only their sentences are read again.
    which = np.unique(np.searchsorted(np.flatnonzero(ids == END), named)).tolist()
    glued = list(sentences)
    for at in which:
        glued[at] = glue(glued[at])
    return _look_up(glued, lexicon)


def _look_up(sentences: Sequence[str], lexicon: Lexicon) -> Ints:
    chunks = _SEPARATOR.join([*sentences, ""]).split()
    return np.fromiter(map(lexicon.__getitem__, chunks), dtype=np.int64, count=len(chunks))


def _sums(rows: Floats, places: npt.NDArray[Any], starts: Ints) -> Floats:
    """Sum ``rows[places]`` over each stretch between ``starts``."""
    shape = (len(starts) - 1, len(rows))
    chosen = csr_array((np.ones(len(places)), places, starts), shape=shape)
    return np.asarray(chosen @ rows)
