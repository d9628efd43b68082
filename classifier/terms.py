"""The words of a sentence and what each added to the log-odds of a cue, exactly."""

from __future__ import annotations

from collections.abc import Iterator

from classifier.features import NEGATED, character_ngrams, readings, under_negation
from classifier.linear import LinearJudge
from classifier.masking import Reading
from classifier.types import Term
from classifier.words import split

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

    A word's weight holds that of its character n-grams. Words are shown as written; a pair
    only when training knew it, and a word under a negation with a note.
    """
    words = [word for chunk in sentence.split() for word in split(chunk).words]
    seen = readings(sentence, judge.common)
    forms = [reading.form for reading in seen]
    shown = [_shown(reading, words) for reading in seen]
    for form, text in zip(forms, shown, strict=True):
        weight = judge.weight(form)[output]
        weight += sum(judge.weight(name)[output] for name in character_ngrams(form))
        yield Term(text, float(weight))
    for at in range(len(forms) - 1):
        weight = judge.weight(f"{forms[at]} {forms[at + 1]}")[output]
        if weight:
            yield Term(f"{shown[at]} {shown[at + 1]}", float(weight))
    for at in under_negation(forms):
        weight = judge.weight(NEGATED + forms[at])[output]
        if weight:
            yield Term(f"{shown[at]} (after a negation)", float(weight))


def _shown(reading: Reading, words: list[str]) -> str:
    return " ".join(words[reading.first : reading.last + 1])
