"""The plain, readable definition of the features of a sentence.

Everything here adds up: the log-odds of a sentence are an intercept plus a weight for each
feature, each as often as it occurs. That makes explanations exact and lets the fast path
(:mod:`classifier.linear`) look whole words up instead of cutting them into n-grams. A test
holds the two equal.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from classifier.masking import Reading, glue, read_chunk
from classifier.text.sentences import pieces
from classifier.words import WordSet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

CHARACTERS: Final = "~"
NEGATED: Final = "not:"
UNSEEN: Final = "<unseen>"
"""Stands beside every word that training hardly saw: what it says is not known."""

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
class Vocabulary:
    """What must be known of words before features can be cut.

    Parameters
    ----------
    common
        Lower-case words that are not names, see :mod:`classifier.masking`.
    frequent
        Words so frequent that their parts say nothing: they have no character n-grams.
    known
        Words of at least two training texts.
    """

    common: frozenset[str]
    frequent: frozenset[str]
    known: frozenset[str]

    @staticmethod
    def of(state: Mapping[str, Any]) -> Vocabulary:
        """Rebuild it from a bundle's state."""
        return Vocabulary(
            WordSet(state["common"]), frozenset(state["frequent"]), frozenset(state["known"])
        )

    def is_known(self, form: str) -> bool:
        """Tell whether training knew a form; classes it always knows."""
        return form in self.known or form.startswith("<")


@dataclass(frozen=True)
class Analyzer:
    """A scikit-learn ``analyzer``: text of any length -> feature names.

    Parameters
    ----------
    words
        What is known of words.
    """

    words: Vocabulary

    def __call__(self, text: str) -> list[str]:
        """Return the features of ``text`` taken as one unit."""
        return list(features(pieces(text), self.words))


def features(sentences: Sequence[str], words: Vocabulary) -> Iterator[str]:
    """Yield the features of a unit: one sentence, or a title and lead taken together.

    Each chunk that reads differently gives its words (names as kinds), a mark for each that
    training hardly saw (so that a text of unknown words is not judged by the two that are
    known, as if it were short), and the character
    n-grams of the rarer ones, which carry what a word never seen in training shares with
    others; then come the distinct pairs of neighbours, and the words of distinct chunks under
    a negation. A text is not more of a cue for saying it twice.
    """
    chunks: dict[tuple[str, ...], None] = {}
    negated: dict[tuple[str, ...], None] = {}
    pairs: dict[str, None] = {}
    for sentence in sentences:
        read = [tuple(r.form for r in chunk) for chunk in read_sentence(sentence, words.common)]
        chunks.update(dict.fromkeys(read))
        negated.update((read[at], None) for at in under_negation(read))
        pairs.update((f"{a} {b}", None) for a, b in itertools.pairwise(itertools.chain(*read)))
    for forms in chunks:
        yield from forms
        for form in forms:
            if not words.is_known(form):
                yield UNSEEN
            yield from character_ngrams(form, words.frequent)
    yield from pairs
    for forms in negated:
        yield from (NEGATED + form for form in forms if form not in NEGATIONS)


@functools.lru_cache(maxsize=256)
def read_sentence(sentence: str, common: frozenset[str]) -> tuple[tuple[Reading, ...], ...]:
    """Return the readings of each chunk of a sentence, names masked.

    A sentence that is explained is read for its terms and again for its modality; hence the
    short memory.
    """
    return tuple(read_chunk(chunk, common) for chunk in glue(sentence).split())


def under_negation(chunks: Sequence[Sequence[str]]) -> list[int]:
    """Return which chunks stand at most :data:`SCOPE` after one with a negation."""
    found, last = [], -SCOPE - 1
    for at, forms in enumerate(chunks):
        if at - last <= SCOPE:
            found.append(at)
        if not NEGATIONS.isdisjoint(forms):
            last = at
    return found


def character_ngrams(word: str, frequent: Collection[str]) -> Iterator[str]:
    """Yield marked 3- to 5-grams of one word with its edges; classes have none."""
    if word.startswith("<") or word in frequent:
        return
    edged = f" {word[:40]} "
    for size in range(3, 6):
        for at in range(len(edged) - size + 1):
            yield CHARACTERS + edged[at : at + size]
