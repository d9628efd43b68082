"""The words of a text with the actors named in it, for who has evidence but no model."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classifier.mentions import read_names
from classifier.names import STATE_KINDS
from classifier.remembering import remembers
from classifier.words import class_of


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or the name of an actor with all its words.

    Parameters
    ----------
    text
        As written.
    code
        Of the actor that it names, as in :class:`classifier.Actor`; None for other words.
    state
        Whether that actor is a state.
    capital
        Whether it is named by its capital, which may be no more than where it happened.
    common
        Whether it is a number, a year, a weekday or a month, and so no name of anything.
    first
        Whether it begins the text, so that its capital says nothing.
    """

    text: str
    code: str | None = None
    state: bool = False
    capital: bool = False
    common: bool = False
    first: bool = False


def read_words(sentence: str) -> list[Word]:
    """Return the words of a sentence in order; the name of an actor is one of them."""
    cut, named = read_names(sentence)
    words: list[Word] = []
    at = 0
    for mention in named:
        words += [_plain(word) for word in cut.words[at : mention.start]]
        text = " ".join(cut.words[mention.start : mention.end])
        name = mention.name
        words.append(Word(text, name.code, name.kind in STATE_KINDS, name.kind == "capital"))
        at = mention.end
    words += [_plain(word) for word in cut.words[at:]]
    return [replace(words[0], first=True), *words[1:]] if words else []


@remembers(16_384)
def _plain(word: str) -> Word:
    return Word(word, common=class_of(word) is not None)
