"""Proper names in evidence: what tells two events between the same actors apart.

Actors, weekdays and numbers are no names here; nor is a word that is capitalised only since it
begins a sentence, follows a colon ("Opinion: Why ...") or stands in a headline set in capitals.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from classifier import Word, read_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifier import Cue

SHORTEST = 3
SMALL = re.compile(r"an?|the|of|in|on|at|to|for|by|and|or|as|off|with|from|near|over|after|its|is")
"""Words that stay small in a headline that is set in capitals."""

OFFICE = re.compile(
    r"minist(?:er|ers|ry)|president|prime|general|defen[cs]e|foreign|army|navy|air|force|government"
    r"|parliament|council|security|court|police|colonel|captain|major|commander|governor|state"
    r"|union|party|(?:north|south|east|west|central)(?:ern)?",
    re.IGNORECASE,
)
"""Capitalised words that name an office or a direction and so no event."""

BEFORE_PLACE = frozenset(
    ["in", "at", "near", "off", "outside", "around", "inside", "towards", "toward", "close"]
)
PLACE = re.compile(r"[A-Z][\w'-]+")
AFTER_COLON = re.compile(r"(?<=:)\s+")


def sentences_of(title: str, cues: Iterable[Cue]) -> list[str]:
    """Return the headline and each evidence sentence once, in order."""
    found = [title, *(piece.text for cue in cues for piece in cue.evidence)]
    return list(dict.fromkeys(text for text in found if text.strip()))


def read_sentences(sentences: Iterable[str]) -> list[list[Word]]:
    """Return the words of each sentence; after a colon a word is a first one again."""
    return [
        [word for part in AFTER_COLON.split(sentence) for word in read_words(part)]
        for sentence in sentences
    ]


def proper_names(read: Sequence[Sequence[Word]]) -> Counter[str]:
    """Return the proper names in small letters and how often each stands in the sentences."""
    names = {
        word.text.lower()
        for words in read
        if not _is_headline(words)
        for word in words
        if _may_be_name(word)
    }
    return Counter(name for words in read for word in words if (name := word.text.lower()) in names)


def places(read: Sequence[Sequence[Word]], limit: int) -> tuple[str, ...]:
    """Return names that follow a preposition of place, as written, most often named first."""
    found: Counter[str] = Counter()
    for words in read:
        if _is_headline(words):
            continue
        for at, word in enumerate(words[1:], start=1):
            if words[at - 1].text in BEFORE_PLACE and _may_be_name(word):
                found[" ".join(_run(words[at:]))] += 1
    return tuple(name for name, _ in found.most_common(limit))


def main_name(names: Counter[str]) -> str | None:
    """Return the name that is named most; of equals the longest, then the first by letter."""
    ranked = sorted(names, key=lambda name: (-names[name], -len(name), name))
    return ranked[0] if ranked else None


def _run(words: Sequence[Word]) -> list[str]:
    run = []
    for word in words:
        if not PLACE.match(word.text) or word.common or word.code is not None:
            break
        run.append(word.text)
    return run


def _may_be_name(word: Word) -> bool:
    return (
        not word.first
        and word.code is None
        and not word.common
        and len(word.text) >= SHORTEST
        and word.text[0].isupper()
        and OFFICE.fullmatch(word.text) is None
    )


def _is_headline(words: Sequence[Word]) -> bool:
    """Tell whether every word begins with a capital, so that capitals say nothing."""
    small = [word.text for word in words if not word.first and word.text[0].islower()]
    return not any(SMALL.fullmatch(text) is None for text in small)
