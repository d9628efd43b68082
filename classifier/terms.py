"""The words of a sentence and what each added to the log-odds of a cue, exactly."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from classifier.features import NEGATED, NEGATIONS, under_negation
from classifier.masking import Reading, glue, read_chunk
from classifier.types import Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from classifier.linear import LinearJudge

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

    A word's weight holds that of its character n-grams and of its kinship. Words are shown
    as written; a pair only when training knew it, and a word under a negation with a note.
    """
    chunks = glue(sentence).split()
    read = [read_chunk(chunk, judge.words.common) for chunk in chunks]
    for reading in _flat(dict(zip(chunks, read, strict=True)).values()):
        yield Term(reading.text, float(judge.form_weight(reading.form)[output]))
    words = list(_flat(read))
    pairs = {f"{a.form} {b.form}": f"{a.text} {b.text}" for a, b in itertools.pairwise(words)}
    for pair, text in pairs.items():
        yield Term(text, float(judge.weight(pair)[output]))
    places = under_negation([[reading.form for reading in chunk] for chunk in read])
    for reading in _flat({chunks[at]: read[at] for at in places}.values()):
        if reading.form not in NEGATIONS:
            weight = float(judge.weight(NEGATED + reading.form)[output])
            yield Term(f"{reading.text} (after a negation)", weight)


def _flat(chunks: Iterable[Sequence[Reading]]) -> Iterator[Reading]:
    return (reading for chunk in chunks for reading in chunk)
