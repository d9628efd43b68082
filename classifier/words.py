"""From a sentence to words: what the features are made of.

A sentence is cut at blanks into chunks (``"U.S.-led,"``), and a chunk into words (``US``,
``led``) and marks (here: a comma ends the clause). A chunk means the same wherever it
stands, which is what lets the fast path look each up once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from classifier.remembering import remembers

WORD: Final = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*")
INITIALS: Final = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
_NUMBER: Final = re.compile(r"\d[\d.,]*(?:st|nd|rd|th|bn|m|k|km|mm|pm|am|s)?", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d s?|(?:1[5-9]|20)\d\ds?")
CURLY: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})
_CLAUSE_END: Final = frozenset(",;:!?)]\u2014\u2013")
_DASHES: Final = frozenset({"-", "--", "\u2014", "\u2013", "|", "/"})
_MONTHS: Final = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
    ]
)
_DAYS: Final = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)

YEAR: Final = "<year>"
NUMBER: Final = "<num>"
DAY: Final = "<day>"
MONTH: Final = "<month>"


class WordSet(frozenset[str]):
    """Words that are equal to themselves alone.

    What is remembered is remembered under them. An equal set of another bundle (a second model
    of a process) would else be compared word by word each time that something is recalled.
    """

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same object."""
        return self is other

    def __ne__(self, other: object) -> bool:
        """Tell whether it is another object."""
        return self is not other


@dataclass(frozen=True, slots=True)
class Chunk:
    """What lies between two blanks.

    Parameters
    ----------
    words
        Its words as written, without dots, possessive and punctuation.
    ends
        Whether a clause ends after it.
    """

    words: tuple[str, ...]
    ends: bool


@remembers(16_384)
def split(chunk: str) -> Chunk:
    """Cut one chunk into words."""
    text = chunk.translate(CURLY)
    bare = text.rstrip("\"'")
    ends = text in _DASHES or (
        bool(bare) and (bare[-1] in _CLAUSE_END or (bare[-1] == "." and not INITIALS.search(bare)))
    )
    words = []
    for word in WORD.findall(text):
        one = word.replace(".", "") if INITIALS.fullmatch(word) else word
        if one[-2:] in {"'s", "'S"}:
            one = one[:-2]
        words.append(one)
    return Chunk(tuple(words), ends)


@remembers(16_384)
def class_of(word: str) -> str | None:
    """Return the class of numbers and dates (``<year>``, ...), else None."""
    if word[0].isdigit():
        if _YEAR.fullmatch(word):
            return YEAR
        return NUMBER if _NUMBER.fullmatch(word) else None
    lower = word.lower()
    if lower in _DAYS:
        return DAY
    if lower in _MONTHS and word[0].isupper():
        return MONTH
    return None
