"""Where actors are named in a sentence, and which of them are named together."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifier.masking import find_name, may_be_name
from classifier.words import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.names import Name

_JOINING: Final = frozenset({"and", "or", "&", "nor"})
_ARTICLES: Final = frozenset({"the", "its", "both"})
_TITLE_WORDS: Final = 5
"""Words that may lie between a name and the "and" after it: "Russian Prime Minister X and"."""

_PLAIN_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a sentence, with a mark at those before a comma or another clause end."""

    words: tuple[str, ...]
    ends: tuple[bool, ...]

    @staticmethod
    def of(sentence: str) -> Words:
        """Cut a sentence into words."""
        words: list[str] = []
        ends: list[bool] = []
        for found in map(split, sentence.split()):
            words += found.words
            ends += (False,) * len(found.words)
            if found.ends and ends:
                ends[-1] = True
        return Words(tuple(words), tuple(ends))


@dataclass(frozen=True, slots=True)
class Mention:
    """An actor's name at the words ``start`` to ``end - 1``."""

    name: Name
    start: int
    end: int


@functools.lru_cache(maxsize=2048)
def read_names(sentence: str) -> tuple[Words, tuple[Mention, ...]]:
    """Return the words of a sentence and the names in it, in order.

    The sentences of an alert are read for its actors and, when its batch is through, again for
    its key: they are remembered until then.
    """
    words = Words.of(sentence)
    return words, tuple(_mentions(words))


def _mentions(sentence: Words) -> list[Mention]:
    found: list[Mention] = []
    after = 0
    for at in [at for at, word in enumerate(sentence.words) if may_be_name(word)]:
        name = find_name(sentence.words, at) if at >= after else None
        if name is not None:
            after = at + len(name.words)
            found.append(Mention(name, at, after))
    return found


def together(sentence: Words, found: Sequence[Mention]) -> list[list[Mention]]:
    """Group mentions that a comma or "and" puts on one footing: ``Bahrain, Kuwait and Oman``."""
    groups: list[list[Mention]] = []
    for mention in found:
        if groups and _joined(sentence, groups[-1][-1], mention):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _joined(sentence: Words, left: Mention, right: Mention) -> bool:
    between = list(sentence.words[left.end : right.start])
    if between and between[-1] in _ARTICLES:
        between.pop()
    if not between:
        return sentence.ends[left.end - 1]
    if between[-1] not in _JOINING:
        return False
    rest = between[:-1]
    titles = all(word[0].isupper() for word in rest)
    return len(rest) <= (_TITLE_WORDS if titles else _PLAIN_WORDS)
