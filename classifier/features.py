"""The plain, readable definition of the features of a sentence.

Everything here adds up: the log-odds of a sentence are an intercept plus a weight for each
feature, each as often as it occurs. That makes explanations exact and lets the fast path
(:mod:`classifier.linear`) look whole words up instead of cutting them into n-grams. A test
holds the two equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from classifier.masking import Reading, read_words
from classifier.text.sentences import pieces
from classifier.words import split

CHARACTERS: Final = "~"
NEGATED: Final = "not:"
SCOPE: Final = 6
"""Words after a negation that stand under it."""

NEGATIONS: Final = frozenset(
    "not no never without denied denies deny denying refused refuses refuse refusing rejected "
    "rejects reject ruled neither nor cancelled lifted halted dismissed avoid avoided averted "
    "prevent prevented stopped ended unlikely none nobody cannot can't won't don't doesn't "
    "didn't isn't aren't wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't".split()
)


@dataclass(frozen=True)
class Analyzer:
    """A scikit-learn ``analyzer``: text of any length -> feature names.

    Parameters
    ----------
    common
        Lower-case words that are not names, see :mod:`classifier.masking`.
    """

    common: frozenset[str]

    def __call__(self, text: str) -> list[str]:
        """Return every feature of every sentence of ``text``, with repetitions."""
        return [name for piece in pieces(text) for name in features(piece, self.common)]


def features(sentence: str, common: Collection[str]) -> Iterator[str]:
    """Yield the features of one sentence.

    Words (names as kinds), pairs of neighbours, words under a negation, and character
    n-grams of words, which carry what a word never seen in training shares with others.
    """
    forms = [reading.form for reading in readings(sentence, common)]
    yield from forms
    yield from (f"{left} {right}" for left, right in zip(forms, forms[1:], strict=False))
    yield from (NEGATED + forms[at] for at in under_negation(forms))
    for form in forms:
        yield from character_ngrams(form)


def readings(sentence: str, common: Collection[str]) -> list[Reading]:
    """Return the words of a sentence with names masked."""
    words = [word for chunk in sentence.split() for word in split(chunk).words]
    return read_words(words, common)


def under_negation(forms: Sequence[str]) -> list[int]:
    """Return the positions at most :data:`SCOPE` words after the last negation."""
    found, last = [], -SCOPE - 1
    for at, form in enumerate(forms):
        if form in NEGATIONS:
            last = at
        elif at - last <= SCOPE:
            found.append(at)
    return found


def character_ngrams(word: str, low: int = 3, high: int = 5) -> Iterator[str]:
    """Yield marked character n-grams of one word with its edges; classes have none."""
    if word.startswith("<"):
        return
    edged = f" {word[:40]} "
    for size in range(low, high + 1):
        for at in range(len(edged) - size + 1):
            yield CHARACTERS + edged[at : at + size]
