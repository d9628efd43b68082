"""The plain, readable definition of the features of a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from classifier.masking import read_words
from classifier.words import split


@dataclass(frozen=True)
class Analyzer:
    """A scikit-learn ``analyzer``: text -> feature names.

    Parameters
    ----------
    common
        Lower-case words that are not names, see :mod:`classifier.masking`.
    """

    common: frozenset[str]

    def __call__(self, text: str) -> list[str]:
        """Return every feature of ``text``, with repetitions."""
        return list(features(text, self.common))


def features(text: str, common: Collection[str]) -> Iterator[str]:
    """Yield word 1- and 2-grams and, for words that are no class, character n-grams."""
    words = [word for chunk in text.split() for word in split(chunk).words]
    forms = [reading.form for reading in read_words(words, common)]
    yield from forms
    for left, right in zip(forms, forms[1:], strict=False):
        yield f"{left} {right}"
    for form in forms:
        if not form.startswith("<"):
            yield from character_ngrams(form)


def character_ngrams(word: str, low: int = 3, high: int = 5) -> Iterator[str]:
    """Yield ``~``-marked character n-grams of one word with its edges."""
    edged = f" {word} "
    for size in range(low, high + 1):
        for at in range(len(edged) - size + 1):
            yield "~" + edged[at : at + size]
