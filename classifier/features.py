"""The plain, readable definition of the features of a sentence.

Everything here adds up: the log-odds of a sentence are an intercept plus a weight for each
feature, each as often as it occurs. That makes explanations exact and lets the fast path
(:mod:`classifier.linear`) look whole words up instead of cutting them into n-grams. A test
holds the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifier.masking import Reading, glue, read_chunk
from classifier.text.sentences import pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

CHARACTERS: Final = "~"
NEGATED: Final = "not:"
SCOPE: Final = 6
"""Chunks after a negation that stand under it."""

NEGATIONS: Final = frozenset(
    [
        "not",
        "no",
        "never",
        "without",
        "denied",
        "denies",
        "deny",
        "denying",
        "refused",
        "refuses",
        "refuse",
        "refusing",
        "rejected",
        "rejects",
        "reject",
        "ruled",
        "neither",
        "nor",
        "cancelled",
        "lifted",
        "halted",
        "dismissed",
        "avoid",
        "avoided",
        "averted",
        "prevent",
        "prevented",
        "stopped",
        "ended",
        "unlikely",
        "none",
        "nobody",
        "cannot",
        "can't",
        "won't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "hasn't",
        "haven't",
        "hadn't",
        "wouldn't",
        "couldn't",
        "shouldn't",
    ]
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
    read = read_sentence(sentence, common)
    forms = [reading.form for chunk in read for reading in chunk]
    yield from forms
    yield from (f"{left} {right}" for left, right in zip(forms, forms[1:], strict=False))
    for at in under_negation([[r.form for r in chunk] for chunk in read]):
        yield from (NEGATED + r.form for r in read[at] if r.form not in NEGATIONS)
    for form in forms:
        yield from character_ngrams(form)


def read_sentence(sentence: str, common: Collection[str]) -> list[list[Reading]]:
    """Return the readings of each chunk of a sentence, names masked."""
    return [read_chunk(chunk, common) for chunk in glue(sentence).split()]


def under_negation(chunks: Sequence[Sequence[str]]) -> list[int]:
    """Return which chunks stand at most :data:`SCOPE` after one with a negation."""
    found, last = [], -SCOPE - 1
    for at, forms in enumerate(chunks):
        if at - last <= SCOPE:
            found.append(at)
        if not NEGATIONS.isdisjoint(forms):
            last = at
    return found


def character_ngrams(word: str, low: int = 3, high: int = 5) -> Iterator[str]:
    """Yield marked character n-grams of one word with its edges; classes have none."""
    if word.startswith("<"):
        return
    edged = f" {word[:40]} "
    for size in range(low, high + 1):
        for at in range(len(edged) - size + 1):
            yield CHARACTERS + edged[at : at + size]
