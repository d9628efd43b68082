"""The words of a sentence and what each added to the log-odds of a cue, exactly."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from classifier.features import NEGATED, NEGATIONS, read_sentence, under_negation
from classifier.linear import SHORTEST
from classifier.types import Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from classifier.lexicon import Floats
    from classifier.linear import LinearJudge
    from classifier.masking import Reading

MAX_TERMS = 6


def terms(sentence: str, judge: LinearJudge, output: int) -> tuple[Term, ...]:
    """Return the terms that weighed most, strongest first, at most :data:`MAX_TERMS`."""
    weighed: dict[str, float] = {}
    for term in all_terms(sentence, judge, output):
        weighed[term.text] = weighed.get(term.text, 0.0) + term.weight
    ranked = sorted(weighed.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return tuple(Term(text, weight) for text, weight in ranked[:MAX_TERMS] if weight)


def all_terms(sentence: str, judge: LinearJudge, output: int) -> Iterator[Term]:
    """Yield every term; their weights and the intercept sum to the log-odds.

    A word's weight holds that of its character n-grams. Words are shown as first written; a
    pair only when training knew it, and a word under a negation with a note.
    """
    found = list(_weighed(sentence, judge))
    if found:
        rows = np.array([row for _, row in found])
        share = rows[:, output] / math.sqrt(max(rows[:, -1].sum(), SHORTEST))
        for (text, _), weight in zip(found, share.tolist(), strict=True):
            yield Term(text, weight)


def _weighed(sentence: str, judge: LinearJudge) -> Iterator[tuple[str, Floats]]:
    read = [tuple(chunk) for chunk in read_sentence(sentence, judge.words.common)]
    forms = [tuple(reading.form for reading in chunk) for chunk in read]
    distinct = dict(zip(reversed(forms), reversed(read), strict=True))
    for reading in _flat(distinct.values()):
        yield reading.text, judge.form_weight(reading.form)
    words = list(_flat(read))
    pairs = {f"{a.form} {b.form}": f"{a.text} {b.text}" for a, b in itertools.pairwise(words)}
    yield from ((text, judge.weight(pair)) for pair, text in pairs.items() if judge.knows(pair))
    for reading in _flat({forms[at]: read[at] for at in under_negation(forms)}.values()):
        if reading.form not in NEGATIONS:
            yield f"{reading.text} (after a negation)", judge.weight(NEGATED + reading.form)


def _flat(chunks: Iterable[Sequence[Reading]]) -> Iterator[Reading]:
    return (reading for chunk in chunks for reading in chunk)
