"""Names become kinds: the classifier must not learn who is dangerous.

``North Korean troops massed near Seoul`` is read as ``<people> troops massed near
<capital>``. Names of no table (persons, places, ships) are recognised by their capital
letter: a capitalised word that the training text never shows in small letters, in any of
its inflections, is ``<name>``.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifier.names import Name, names
from classifier.remembering import remembers
from classifier.words import class_of, split

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME: Final = "<name>"
REMEMBERED: Final = 8_192
"""Chunks whose reading is remembered."""

GLUE: Final = "\u2060"
"""Word joiner: it joins the chunks of one name, and cleaning leaves none in a text."""

_SUFFIXES: Final = ("", "s", "es", "ed", "d", "ing", "er", "ers", "ly", "al", "'t")
_SHORT: Final = 3
_BETWEEN: Final = r"(?:\s+|-)"
_SMALL: Final = frozenset({"al", "ni"})
"""Words in small letters that names begin with."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A word (or a name of several) as features see it.

    Parameters
    ----------
    form
        Lower-case word, or a class in angle brackets.
    text
        As written.
    """

    form: str
    text: str


@remembers(REMEMBERED)
def read_chunk(chunk: str, common: frozenset[str]) -> tuple[Reading, ...]:
    """Read one chunk, masking the names in it.

    Parameters
    ----------
    chunk
        What lies between two blanks of a sentence that went through :func:`glue`.
    common
        Lower-case words that are not names.
    """
    words = split(chunk).words
    readings: list[Reading] = []
    at = 0
    while at < len(words):
        name = find_name(words, at)
        size = 1 if name is None else len(name.words)
        form = form_of(words[at], common) if name is None else f"<{name.kind}>"
        readings.append(Reading(form, " ".join(words[at : at + size])))
        at += size
    return tuple(readings)


def form_of(word: str, common: frozenset[str]) -> str:
    """Return the class or lower-case form of a word that is no actor's name."""
    known = class_of(word)
    if known is not None:
        return known
    lower = word.lower()
    if word[0].isupper() and not is_common(lower, common):
        return NAME
    return lower


def is_common(lower: str, common: frozenset[str]) -> bool:
    """Tell whether a word or an inflection of it is known in small letters."""
    if lower in common:
        return True
    for suffix in _SUFFIXES[1:]:
        stem = lower.removesuffix(suffix)
        if stem != lower and len(stem) >= _SHORT and (stem in common or stem + "e" in common):
            return True
        if len(lower) > _SHORT and lower + suffix in common:
            return True
    return False


def find_name(words: Sequence[str], at: int) -> Name | None:
    """Return the longest name of the table that starts at ``words[at]``."""
    word = words[at]
    if not may_be_name(word):
        return None
    for name in _by_first().get(word.lower(), ()):
        span = words[at : at + len(name.words)]
        if len(span) == len(name.words) and all(map(_same, span, name.words)):
            return name
    return None


def may_be_name(word: str) -> bool:
    """Tell whether the letters of ``word`` allow it to be the first of a name."""
    return word[0].isupper() or word in _SMALL


def _same(word: str, wanted: str) -> bool:
    # Acronyms must be capitals ("US" is no "us"); other names may be set in capitals.
    if wanted.isupper():
        return word == wanted
    return word == wanted or (word[0].isupper() and word.lower() == wanted.lower())


def glue(sentence: str) -> str:
    """Join the chunks of each name of several words, so that it is read as one chunk."""
    return _long_names().sub(lambda match: GLUE.join(match[0].split()), sentence)


def may_start(word: str) -> bool:
    """Tell whether ``word`` is the first of a name that holds a blank."""
    return word.lower() in _ends()[0]


def may_follow(word: str) -> bool:
    """Tell whether ``word`` is the second of a name that holds a blank."""
    return word.lower() in _ends()[1]


@functools.cache
def _ends() -> tuple[frozenset[str], frozenset[str]]:
    long = [name.words for name in names() if len(name.words) > 1]
    return frozenset(w[0].lower() for w in long), frozenset(w[1].lower() for w in long)


@functools.cache
def _long_names() -> re.Pattern[str]:
    """Match the longest of the names that start at a word; most words fail at their first letter.

    Names are grouped by their first word, because an alternation is tried branch by branch.
    """
    rests: dict[str, list[tuple[str, ...]]] = {}
    long = {name.words for name in names() if len(name.words) > 1}
    for first, *rest in sorted(long, key=lambda words: (-len(words), words)):
        rests.setdefault(first, []).append(tuple(rest))
    letters = {letter for first in rests for letter in (first[0], first[0].upper())}
    choices = "|".join(
        f"{_pattern(first)}{_BETWEEN}(?:"
        + "|".join(_BETWEEN.join(map(_pattern, rest)) for rest in found)
        + ")"
        for first, found in sorted(rests.items())
    )
    return re.compile(rf"\b(?=[{''.join(sorted(letters))}])(?:{choices})(?!\w)")


def _pattern(word: str) -> str:
    if word.isupper():
        return "".join(letter + r"\.?" for letter in word)
    return f"(?:{re.escape(word)}|{re.escape(word.upper())})"


@functools.cache
def _by_first() -> dict[str, tuple[Name, ...]]:
    table: dict[str, list[Name]] = {}
    for name in names():
        table.setdefault(name.words[0].lower(), []).append(name)
    return {first: tuple(found) for first, found in table.items()}
