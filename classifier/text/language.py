"""Which language is an item in? Asked only when the sender does not say."""

from __future__ import annotations

import functools
from typing import Final

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

ENGLISH: Final = "en"
UNKNOWN: Final = "und"
SUPPORTED: Final = frozenset({ENGLISH, UNKNOWN})
LOOKED_AT: Final = 300
"""Code points that the detector sees; more text makes it no surer, only slower."""

LOOKED_AT_MORE: Final = 1_200
"""Code points in which English function words are looked for before the detector is asked."""

_SURE: Final = 0.05
_ENOUGH: Final = 2
_FEW: Final = 5
_HEADLINE: Final = 12
# Function words of English, and of these the ones that are words of a neighbour's, too
# (Danish "for", "to", "by" and "have"; Dutch "of" and "was"): they count, but alone only in a
# headline.
_SHARED: Final = frozenset(
    ["by", "for", "had", "has", "have", "he", "not", "of", "to", "was", "will"]
)
_OWN: Final = frozenset(
    [
        "about",
        "after",
        "and",
        "are",
        "been",
        "could",
        "from",
        "his",
        "into",
        "it",
        "its",
        "our",
        "out",
        "said",
        "than",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "up",
        "were",
        "what",
        "when",
        "which",
        "while",
        "who",
        "with",
        "would",
        "you",
    ]
)
_FUNCTION: Final = _OWN | _SHARED


def language(text: str, declared: str | None = None) -> str:
    """Return the ISO 639-1 code of ``text``.

    Parameters
    ----------
    text
        Cleaned text.
    declared
        What the sender says; believed (``"en-GB"`` counts as ``"en"``).

    Returns
    -------
    str
        ``"und"`` when there is no letter to judge by. Text of fewer than five words, which
        no detector can tell, counts as English when it is in Latin letters.
    """
    if declared:
        code = declared.replace("_", "-").split("-")[0].lower()
        return {"eng": ENGLISH, "english": ENGLISH}.get(code, code)
    head = text[:LOOKED_AT]
    if _reads_english(head) or (len(text) > LOOKED_AT and _reads_english(text[:LOOKED_AT_MORE])):
        return ENGLISH
    if not any(map(str.isalpha, head)):
        return UNKNOWN
    if head.isascii() and len(head.split()) < _FEW:
        return ENGLISH
    return _detect(head)


def _reads_english(text: str) -> bool:
    words = text.lower().split()
    hits = sum(map(_FUNCTION.__contains__, words))
    if hits < _ENOUGH or hits < _SURE * len(words):
        return False
    return len(words) <= _HEADLINE or not _OWN.isdisjoint(words)


def _detect(head: str) -> str:
    """Ask the detector; English unless another language is clearly likelier.

    A headline of names and nouns looks like many languages at once, so that the nearest
    rival must beat English by a factor, not by a hair.
    """
    ranked = _detector().compute_language_confidence_values(head)
    if not ranked:
        return UNKNOWN
    best = ranked[0]
    english = next((r.value for r in ranked if r.language == Language.ENGLISH), 0.0)
    if best.language == Language.ENGLISH or best.value < 3 * english:
        return ENGLISH
    return str(best.language.iso_code_639_1.name).lower()


@functools.cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
