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
from classifier.lexicon import (
    END,
    INNER,
    NEGATES,
    STARTS,
    WORDLESS,
    ChunkMeaning,
    Flags,
    Floats,
    Lexicon,
    LexiconFullError,
)
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
        self._of_pairs = np.array([self._index[pair] for pair in pairs], dtype=np.int32)
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

    @property
    def held(self) -> dict[str, Floats]:
        """The weights as :meth:`of` takes them, 14 MB that need not be held twice."""
        return {"coef": self._coef[:, :-1], "square": self._coef[:, -1]}

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
            owners, places = self._look_up(sentences, lexicon)
        except LexiconFullError:
            self._lexicon = self._fresh()
            if len(count) > 1:
                half = len(count) // 2
                at = sum(count[:half])
                first = self.logits(sentences[:at], count[:half])
                return np.concatenate([first, self.logits(sentences[at:], count[half:])])
            lexicon = self._lexicon
            owners, places = self._look_up(sentences, lexicon)
        if sizes is not None:
            owners = np.repeat(np.arange(len(count)), count)[owners]
        return self._sum(owners, places, len(count), lexicon)

    def logits_twice(self, sentences: Sequence[str], rows: Ints, sizes: Ints) -> Floats:
        """Return the log-odds of all sentences, then those of units made of some of them.

        The same as :meth:`logits` of both, but each sentence is looked up once.

        Parameters
        ----------
        sentences
            At least one.
        rows
            Numbers of the sentences of all units, one unit after the other, none twice.
        sizes
            How many of them each unit has, ``(n_units,)``.
        """
        lexicon, count = self._lexicon, len(sentences)
        try:
            owners, places = self._look_up(sentences, lexicon)
        except LexiconFullError:
            units = [sentences[at] for at in rows.tolist()]
            return self.logits([*sentences, *units], [1] * count + sizes.tolist())
        unit_of = np.full(count, -1)
        unit_of[rows] = np.arange(count, count + len(sizes)).repeat(sizes)
        more = unit_of[owners]
        again = (more >= 0).nonzero()[0]
        owners = np.concatenate((owners, more[again]))
        places = np.concatenate((places, places[again]))
        return self._sum(owners, places, count + len(sizes), lexicon)

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

    def _sum(self, owners: Ints, places: Ints, count: int, lexicon: Lexicon) -> Floats:
        """Return the log-odds of ``count`` units from the rows that each owns."""
        total = _sums(lexicon.rows, places, owners, count)
        length = np.sqrt(np.maximum(total[:, -1:], SHORTEST))
        return np.asarray(total[:, :-1] / length + self.intercept)

    def _look_up(self, sentences: Sequence[str], lexicon: Lexicon) -> tuple[Ints, Ints]:
        """Return which sentence owns which row of the lexicon, some more than once."""
        ids, flags = _numbers(sentences, lexicon)
        stops = (ids == END).nonzero()[0]
        owner = np.arange(len(stops)).repeat(_lengths(stops))
        words = lexicon.places[ids]
        there = int(np.bitwise_or.reduce(flags))
        found = [(owner, words)]
        if there & INNER:
            found.append(_inner_pairs(ids, flags, owner, lexicon))
        if there & NEGATES:
            under = _under_negation(flags, stops, owner)
            found.append((owner[under], words[under] + lexicon.capacity))
        if there & WORDLESS:
            # A chunk without words ("-") does not part its neighbours.
            full = (flags & WORDLESS == 0).nonzero()[0]
            ids, owner = ids[full], owner[full]
        # The numbers of unknown forms are 0, the mark of an end is -1: neither is in a key.
        last, first = lexicon.last[ids], lexicon.first[ids]
        borders, pairs = self._pairs.find(last[:-1] * _BASE + first[1:])
        found.append((owner[borders], pairs))
        owners, places = zip(*found, strict=True)
        return np.concatenate(owners), np.concatenate(places)

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
        return Lexicon(self._coef[self._of_pairs], self._mean)


def _numbers(sentences: Sequence[str], lexicon: Lexicon) -> tuple[Ints, Flags]:
    """Return the chunks of all sentences, each followed by :data:`END`, and their flags."""
    ids = lexicon.look_up(sentences)
    flags = lexicon.flags[ids]
    named = ((flags[:-1] & STARTS) & (flags[1:] >> 1)).nonzero()[0]
    if not len(named):
        return ids, flags
    # Names of several words are rare: only their sentences are read again.
    stops = (ids == END).nonzero()[0]
    which = dict.fromkeys(np.searchsorted(stops, named).tolist())
    changed = [(at, glue(sentences[at])) for at in which]
    changed = [(at, glued) for at, glued in changed if glued != sentences[at]]
    if not changed:
        return ids, flags
    again = lexicon.look_up([glued for _, glued in changed])
    parts = np.split(again, np.flatnonzero(again == END)[:-1] + 1)
    pieces, last = [], 0
    for (at, _), part in zip(changed, parts, strict=True):
        start = int(stops[at - 1]) + 1 if at else 0
        pieces += [ids[last:start], part]
        last = int(stops[at]) + 1
    ids = np.concatenate([*pieces, ids[last:]])
    return ids, lexicon.flags[ids]


def _lengths(stops: Ints) -> Ints:
    """Return how long each stretch is that ends before the next begins."""
    lengths = stops + 1
    lengths[1:] -= lengths[:-1].copy()
    return lengths


def _inner_pairs(ids: Ints, flags: Flags, owner: Ints, lexicon: Lexicon) -> tuple[Ints, Ints]:
    """Return the pairs inside of chunks."""
    inner = (flags & INNER).nonzero()[0]
    held = [lexicon.pairs[number] for number in ids[inner].tolist()]
    places = np.array([place for pairs in held for place in pairs], dtype=np.int64)
    return np.repeat(owner[inner], list(map(len, held))), places


def _under_negation(flags: Flags, stops: Ints, owner: Ints) -> Ints:
    """Return which chunks stand at most :data:`SCOPE` after a negation in their sentence."""
    at = (flags & NEGATES).nonzero()[0]
    under = at[:, None] + np.arange(1, SCOPE + 1)
    return np.asarray(under[under < stops[owner[at]][:, None]])


def _sums(rows: Floats, places: Ints, units: Ints, count: int) -> Floats:
    """Sum the distinct ``rows[places]`` of each of ``count`` units."""
    bits = len(rows).bit_length()
    keys = np.sort((units << bits) | places)
    first = np.empty(len(keys), dtype=bool)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    keys = keys[first]
    starts = keys.searchsorted(np.arange(count + 1) << bits)
    keys &= (1 << bits) - 1
    if len(keys) < FEW:
        return _sums_of_few(rows[keys], starts, count)
    chosen = csr_array((np.ones(len(keys)), keys, starts), shape=(count, len(rows)))
    return np.asarray(chosen @ rows)


def _sums_of_few(chosen: Floats, starts: Ints, count: int) -> Floats:
    """Do the same without a sparse matrix, which costs more to make than to multiply."""
    total = np.zeros((count, chosen.shape[1]))
    full = (starts[1:] > starts[:-1]).nonzero()[0]
    if len(full):
        total[full] = np.add.reduceat(chosen, starts[full], axis=0)
    return total
