"""The words of a sentence and what each added to the log-odds of a cue, exactly."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence's terms with their weights for every output.

    Parameters
    ----------
    texts
        Words, pairs and negated words, as a reader knows them, each once.
    shares
        What each adds to the log-odds, shape ``(n_terms, n_outputs)``; with the intercept
        they sum to the judge's number.
    """

    texts: tuple[str, ...]
    shares: Floats

    def strongest(self, output: int) -> tuple[Term, ...]:
        """Return the terms that weighed most, strongest first, at most :data:`MAX_TERMS`.

        Of equal ones the first goes first.
        """
        column = self.shares[:, output]
        best = np.argsort(-np.abs(column), kind="stable")[:MAX_TERMS]
        shares = zip(best.tolist(), column[best].tolist(), strict=True)
        return tuple(Term(self.texts[at], share) for at, share in shares if share)


def weigh(sentence: str, judge: LinearJudge) -> Weighed:
    """Weigh every term of a sentence.

    A word's weight holds that of its character n-grams. Words are shown as first written; a
    pair only when training knew it, and a word under a negation with a note.
    """
    found: dict[str, Floats] = {}
    for text, row in _weighed(sentence, judge):
        known = found.get(text)
        found[text] = row if known is None else known + row
    if not found:
        return Weighed((), np.zeros((0, judge.outputs)))
    table = np.concatenate(list(found.values())).reshape(len(found), -1)
    shares = table[:, :-1] / math.sqrt(max(table[:, -1].sum(), SHORTEST))
    return Weighed(tuple(found), shares)


def _weighed(sentence: str, judge: LinearJudge) -> Iterator[tuple[str, Floats]]:
    read = read_sentence(sentence, judge.words.common)
    forms = [tuple([reading.form for reading in chunk]) for chunk in read]
    distinct = dict(zip(reversed(forms), reversed(read), strict=True))
    for reading in _flat(distinct.values()):
        yield reading.text, judge.form_weight(reading.form)
    pairs: dict[str, str] = {}
    for left, right in itertools.pairwise(_flat(read)):
        pair = f"{left.form} {right.form}"
        if judge.knows(pair):
            pairs[pair] = f"{left.text} {right.text}"
    yield from ((text, judge.weight(pair)) for pair, text in pairs.items())
    for reading in _flat({forms[at]: read[at] for at in under_negation(forms)}.values()):
        if reading.form not in NEGATIONS:
            yield f"{reading.text} (after a negation)", judge.weight(NEGATED + reading.form)


def _flat(chunks: Iterable[Sequence[Reading]]) -> Iterator[Reading]:
    return itertools.chain.from_iterable(chunks)
