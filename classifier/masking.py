"""Names become kinds: the classifier must not learn who is dangerous.

``North Korean troops massed near Seoul`` is read as ``<people> troops massed near
<capital>``. Names of no table (persons, places, ships) are recognised by their capital
letter: a capitalised word that the training text never shows in small letters, in any of
its inflections, is ``<name>``, and a run of such words is one ``<name>``.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from classifier.names import Name, names
from classifier.words import class_of

NAME: Final = "<name>"
_SUFFIXES: Final = ("", "s", "es", "ed", "d", "ing", "er", "ers", "ly", "al", "'t")
_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A word (or a name of several) as features see it.

    Parameters
    ----------
    form
        Lower-case word, or a class in angle brackets.
    first, last
        Positions of its words in the sentence, inclusive.
    name
        The entry of the table for states, blocs and organisations.
    """

    form: str
    first: int
    last: int
    name: Name | None = None


def read_words(words: Sequence[str], common: Collection[str]) -> list[Reading]:
    """Mask the names among ``words``.

    Parameters
    ----------
    words
        As :func:`classifier.words.split` gives them.
    common
        Lower-case words that are not names.
    """
    readings: list[Reading] = []
    at = 0
    while at < len(words):
        name = find_name(words, at)
        if name is not None:
            last = at + len(name.words) - 1
            readings.append(Reading(f"<{name.kind}>", at, last, name))
        else:
            last = at
            form = form_of(words[at], common)
            if form == NAME and readings and readings[-1].form == NAME:
                readings[-1] = Reading(NAME, readings[-1].first, at)
            else:
                readings.append(Reading(form, at, at))
        at = last + 1
    return readings


def form_of(word: str, common: Collection[str]) -> str:
    """Return the class or lower-case form of a word that is no actor's name."""
    known = class_of(word)
    if known is not None:
        return known
    lower = word.lower()
    if word[0].isupper() and not is_common(lower, common):
        return NAME
    return lower


def is_common(lower: str, common: Collection[str]) -> bool:
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
    if not (word[0].isupper() or word in {"al", "ni"}):
        return None
    for name in _by_first().get(word.lower(), ()):
        span = words[at : at + len(name.words)]
        if len(span) == len(name.words) and all(map(_same, span, name.words)):
            return name
    return None


def _same(word: str, wanted: str) -> bool:
    # Acronyms must be capitals ("US" is no "us"); other names may be set in capitals.
    if wanted.isupper():
        return word == wanted
    return word == wanted or (word[0].isupper() and word.lower() == wanted.lower())


def starts_long_name(word: str) -> bool:
    """Tell whether a name of several words can start with ``word``."""
    return word.lower() in _long_starts()


@functools.cache
def _long_starts() -> frozenset[str]:
    return frozenset(name.words[0].lower() for name in names() if len(name.words) > 1)


@functools.cache
def _by_first() -> dict[str, tuple[Name, ...]]:
    table: dict[str, list[Name]] = {}
    for name in names():
        table.setdefault(name.words[0].lower(), []).append(name)
    return {first: tuple(found) for first, found in table.items()}
