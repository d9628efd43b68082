"""Who does it, and to whom? States, blocs and organisations with a role.

The first actor before the sentence's verb of action is the source, the first after it the
target; a passive ("was attacked by") turns the two round. All others are mentioned.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from classifier.masking import find_name
from classifier.types import Actor, Role
from classifier.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifier.names import Name

_PASSIVE: Final = re.compile(
    r"\b(?:was|were|been|being|is|are|be)\s+(?:\w+ly\s+)?\w+(?:ed|en|t|n|wn|de|id|ck|ng)\s+"
    r"(?:\w+\s+){0,4}?by\b",
    re.IGNORECASE,
)
_ORDER: Final[dict[Role, int]] = {"source": 0, "target": 1, "mentioned": 2}


def find_actors(sentences: Iterable[str], lead: Sequence[str] = ()) -> tuple[Actor, ...]:
    """Return the actors of the evidence sentences; those only in ``lead`` are mentioned."""
    roles: dict[str, Actor] = {}
    for sentence in sentences:
        for actor in of_sentence(sentence):
            known = roles.get(actor.code)
            if known is None or _ORDER[actor.role] < _ORDER[known.role]:
                roles[actor.code] = actor
    for sentence in lead:
        for name in names_in(sentence):
            roles.setdefault(name.code, Actor(name.code, name.title, "mentioned"))
    return tuple(sorted(roles.values(), key=lambda actor: _ORDER[actor.role]))


def of_sentence(sentence: str) -> list[Actor]:
    """Return the actors of one sentence in order of mention, with their roles."""
    seen: dict[str, Name] = {}
    for name in names_in(sentence):
        seen.setdefault(name.code, name)
    found = list(seen.values())
    roles: list[Role] = ["source", "target"] + ["mentioned"] * max(0, len(found) - 2)
    if len(found) > 1 and _PASSIVE.search(sentence):
        roles[0], roles[1] = "target", "source"
    return [Actor(n.code, n.title, role) for n, role in zip(found, roles, strict=False)]


def names_in(sentence: str) -> list[Name]:
    """Return the table's names in a sentence, in order."""
    words = [word for chunk in sentence.split() for word in split(chunk).words]
    found, at = [], 0
    while at < len(words):
        name = find_name(words, at)
        if name is not None:
            found.append(name)
            at += len(name.words)
        else:
            at += 1
    return found
