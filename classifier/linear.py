"""The linear judge: log-odds of sentences, by looking chunks up.

It stands for the plain scikit-learn pipeline of :mod:`classifier.plain` and gives the same
numbers: since all features add up, a unit is the sum of the rows of its distinct chunks, of
the known pairs across their borders, and of the chunks under a negation. So is the square
of its vector's length, which is carried in one more column and divides the sum at the end.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from classifier.features import (
    CHARACTERS,
    NEGATED,
    NEGATIONS,
    SCOPE,
    UNSEEN,
    Vocabulary,
    character_ngrams,
)
from classifier.lexicon import END, ChunkMeaning, Floats, Lexicon, LexiconFullError
from classifier.masking import glue, read_chunk
from classifier.pairs import KeyTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHORTEST: Final = 1e-12
"""Square of the length that a text without known features is said to have."""

_BASE: Final = 1 << 31
FEW: Final = 2_000
"""Rows from which on a sparse matrix is worth making."""

FORMS: Final = 50_000
"""Forms whose weights are remembered (about 10 MB)."""

Ints = npt.NDArray[np.int64]


class LinearJudge:
    """Scores sentences.

    Parameters
    ----------
    vocabulary
        Feature names, shape ``(n_features,)``.
    coef
        Weight of each feature for each output, shape ``(n_features, n_outputs)``.
    square
        What each feature adds to the square of a text's length, ``(n_features,)``.
    intercept
        Shape ``(n_outputs,)``.
    words
        What is known of words.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        coef: Floats,
        square: Floats,
        intercept: Floats,
        words: Vocabulary,
    ) -> None:
        self.intercept = intercept
        self.outputs = coef.shape[1]
        self.words = words
        self._coef: Floats = np.column_stack([coef, square])
        self._index = {name: at for at, name in enumerate(vocabulary)}
        pairs = [n for n in vocabulary if " " in n and not n.startswith(CHARACTERS)]
        sides = [pair.partition(" ")[::2] for pair in pairs]
        forms = sorted({form for side in sides for form in side})
        self._numbers = {form: at + 1 for at, form in enumerate(forms)}
        keys = [self._numbers[left] * _BASE + self._numbers[right] for left, right in sides]
        self._pairs = KeyTable(np.array(keys, dtype=np.int64))
        self._pair_rows = self._coef[[self._index[pair] for pair in pairs]]
        self._none: Floats = np.zeros(self.outputs + 1)
        self._forms: dict[str, Floats] = {}
        self._lexicon = self._fresh()

    @staticmethod
    def of(state: Mapping[str, Any]) -> LinearJudge:
        """Rebuild the judge from a bundle's state."""
        return LinearJudge(
            state["vocabulary"],
            state["coef"],
            state["square"],
            state["intercept"],
            Vocabulary.of(state),
        )

    def logits(self, sentences: Sequence[str], sizes: Sequence[int] | None = None) -> Floats:
        """Return the log-odds of units, shape ``(n_units, n_outputs)``.

        Parameters
        ----------
        sentences
            Clean: the only blanks in them are spaces.
        sizes
            How many sentences each unit has; by default each is a unit of its own.
        """
        count = [1] * len(sentences) if sizes is None else list(sizes)
        if not count:
            return np.empty((0, self.outputs))
        lexicon = self._lexicon
        try:
            ids = _numbers(sentences, lexicon)
        except LexiconFullError:
            self._lexicon = self._fresh()
            if len(count) > 1:
                half = len(count) // 2
                at = sum(count[:half])
                first = self.logits(sentences[:at], count[:half])
                return np.concatenate([first, self.logits(sentences[at:], count[half:])])
            lexicon = self._lexicon
            ids = _numbers(sentences, lexicon)
        return self._logits(ids, np.repeat(np.arange(len(count)), count), len(count), lexicon)

    def logits_twice(self, sentences: Sequence[str], rows: Ints, sizes: Ints) -> Floats:
        """Return the log-odds of all sentences, then those of units made of some of them.

        The same as :meth:`logits` of both, but each sentence is looked up once.

        Parameters
        ----------
        sentences
            At least one.
        rows
            Numbers of the sentences of all units, one unit after the other.
        sizes
            How many of them each unit has, ``(n_units,)``.
        """
        lexicon = self._lexicon
        try:
            ids = _numbers(sentences, lexicon)
        except LexiconFullError:
            units = [sentences[at] for at in rows.tolist()]
            return self.logits([*sentences, *units], [1] * len(sentences) + sizes.tolist())
        stops = (ids == END).nonzero()[0] + 1
        lengths = np.diff(stops, prepend=0)
        again = lengths[rows]
        shift = (stops - lengths)[rows] - (np.cumsum(again) - again)
        more = ids[np.arange(int(again.sum())) + np.repeat(shift, again)]
        owners = np.concatenate(
            (np.arange(len(sentences)), len(sentences) + np.repeat(np.arange(len(sizes)), sizes))
        )
        count = len(sentences) + len(sizes)
        return self._logits(np.concatenate((ids, more)), owners, count, lexicon)

    def weight(self, feature: str) -> Floats:
        """Return a feature's weights and square, ``(n_outputs + 1,)``; zeros when unknown."""
        at = self._index.get(feature)
        return self._none if at is None else self._coef[at]

    def knows(self, feature: str) -> bool:
        """Tell whether a feature has weights."""
        return feature in self._index

    def form_weight(self, form: str) -> Floats:
        """Return the same of a form together with its character n-grams; remembered."""
        known = self._forms.get(form)
        if known is None:
            known = self._form_weight(form)
            if len(self._forms) < FORMS:
                self._forms[form] = known
        return known

    def _form_weight(self, form: str) -> Floats:
        features = [form, *character_ngrams(form, self.words.frequent)]
        if not self.words.is_known(form):
            features.append(UNSEEN)
        rows = [at for at in map(self._index.get, features) if at is not None]
        return np.asarray(self._coef[rows].sum(axis=0))

    def _logits(self, ids: Ints, owners: Ints, count: int, lexicon: Lexicon) -> Floats:
        """Sum up ``count`` units, of which ``owners`` says whose each sentence is."""
        ends = ids == END
        # The mark of an end belongs to the sentence before it.
        unit = owners[np.cumsum(ends) - ends]
        # What is at the place of an end weighs nothing.
        total = _sums(lexicon.rows, lexicon.meaning[ids], unit, count)
        self._add_pairs(total, ids, unit, lexicon)
        self._add_negated(total, ids, unit, lexicon)
        length = np.sqrt(np.maximum(total[:, -1:], SHORTEST))
        return np.asarray(total[:, :-1] / length + self.intercept)

    def _add_pairs(self, total: Floats, ids: Ints, unit: Ints, lexicon: Lexicon) -> None:
        last, first = lexicon.last[ids], lexicon.first[ids]
        wordless = (first < 0) & (ids != END)
        if wordless.any():
            # A chunk without words ("-") does not part its neighbours.
            full = np.flatnonzero(~wordless)
            last, first, unit, ids = last[full], first[full], unit[full], ids[full]
        # The numbers of unknown forms are 0, the mark of an end is -1: neither is in a key.
        borders, places = self._pairs.find(last[:-1] * _BASE + first[1:])
        owners = unit[borders]
        inner = lexicon.inner[ids].nonzero()[0]
        if len(inner):
            held = [lexicon.pairs[number] for number in ids[inner].tolist()]
            more = [place for pairs in held for place in pairs]
            places = np.concatenate([places, more]).astype(np.int64)
            owners = np.concatenate([owners, np.repeat(unit[inner], list(map(len, held)))])
        total += _sums(self._pair_rows, places, owners, len(total))

    def _add_negated(self, total: Floats, ids: Ints, unit: Ints, lexicon: Lexicon) -> None:
        at = lexicon.negates[ids].nonzero()[0]
        if not len(at):
            return
        ends = (ids == END).nonzero()[0]
        stop = ends[np.searchsorted(ends, at)]
        under = at[:, None] + np.arange(1, SCOPE + 1)
        under = under[under < stop[:, None]]
        total += _sums(lexicon.negated, lexicon.meaning[ids[under]], unit[under], len(total))

    def _mean(self, chunk: str) -> ChunkMeaning:
        forms = tuple(reading.form for reading in read_chunk(chunk, self.words.common))
        row, negated = np.zeros(self.outputs + 1), np.zeros(self.outputs + 1)
        for form in forms:
            row += self.form_weight(form)
            if form not in NEGATIONS:
                negated += self.weight(NEGATED + form)
        numbers = [self._numbers.get(form, 0) for form in forms]
        keys = [a * _BASE + b for a, b in itertools.pairwise(numbers)]
        inner = self._pairs.find(np.array(keys, dtype=np.int64))[1].tolist() if keys else []
        negates = not NEGATIONS.isdisjoint(forms)
        first, last = (numbers[0], numbers[-1]) if numbers else (-1, -1)
        return ChunkMeaning(forms, row, negated, first, last, negates, tuple(inner))

    def _fresh(self) -> Lexicon:
        return Lexicon(self.outputs + 1, self._mean)


def _numbers(sentences: Sequence[str], lexicon: Lexicon) -> Ints:
    """Return the chunks of all sentences, each sentence followed by :data:`END`."""
    ids = lexicon.look_up(sentences)
    named = (lexicon.starts[ids[:-1]] & lexicon.follows[ids[1:]]).nonzero()[0]
    if not len(named):
        return ids
    # Names of several words are rare: only their sentences are read again.
    stops = (ids == END).nonzero()[0]
    which = np.unique(np.searchsorted(stops, named))
    changed = [(at, glue(sentences[at])) for at in which.tolist()]
    changed = [(at, glued) for at, glued in changed if glued != sentences[at]]
    if not changed:
        return ids
    again = lexicon.look_up([glued for _, glued in changed])
    parts = np.split(again, np.flatnonzero(again == END)[:-1] + 1)
    pieces, last = [], 0
    for (at, _), part in zip(changed, parts, strict=True):
        start = int(stops[at - 1]) + 1 if at else 0
        pieces += [ids[last:start], part]
        last = int(stops[at]) + 1
    return np.concatenate([*pieces, ids[last:]])


def _sums(rows: Floats, places: Ints, units: Ints, count: int) -> Floats:
    """Sum the distinct ``rows[places]`` of each of ``count`` units."""
    size = max(len(rows), 1)
    keys = np.sort(units * size + places)
    if len(keys):
        keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    starts = np.searchsorted(keys, np.arange(count + 1) * size)
    if len(keys) < FEW:
        return _sums_of_few(rows[keys % size], starts, count)
    chosen = csr_array((np.ones(len(keys)), keys % size, starts), shape=(count, size))
    return np.asarray(chosen @ rows)


def _sums_of_few(chosen: Floats, starts: Ints, count: int) -> Floats:
    """Do the same without a sparse matrix, which costs more to make than to multiply."""
    total = np.zeros((count, chosen.shape[1]))
    full = (starts[1:] > starts[:-1]).nonzero()[0]
    if len(full):
        total[full] = np.add.reduceat(chosen, starts[full], axis=0)
    return total
