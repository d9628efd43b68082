"""The words of a sentence and what each added to the log-odds of a cue, exactly."""

from __future__ import annotations

from collections.abc import Iterator

from classifier.features import (
    NEGATED,
    NEGATIONS,
    read_sentence,
    under_negation,
)
from classifier.linear import LinearJudge
from classifier.types import Term

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

    A word's weight holds that of its character n-grams and of its kinship. Words are shown as written; a pair
    only when training knew it, and a word under a negation with a note.
    """
    read = read_sentence(sentence, judge.common)
    forms = [reading.form for chunk in read for reading in chunk]
    shown = [reading.text for chunk in read for reading in chunk]
    for form, text in zip(forms, shown, strict=True):
        yield Term(text, float(judge.form_weight(form)[output]))
    for at in range(len(forms) - 1):
        weight = judge.weight(f"{forms[at]} {forms[at + 1]}")[output]
        if weight:
            yield Term(f"{shown[at]} {shown[at + 1]}", float(weight))
    for at in under_negation([[r.form for r in chunk] for chunk in read]):
        for reading in read[at]:
            weight = judge.weight(NEGATED + reading.form)[output]
            if weight and reading.form not in NEGATIONS:
                yield Term(f"{reading.text} (after a negation)", float(weight))
