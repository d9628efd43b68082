"""The key of a signal: who it is about, so that a crisis meets itself in one partition."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from streams.names import BEFORE_PLACE, main_name, proper_names, read_sentences, sentences_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier import Actor, Cue, Word

WORDS = re.compile(r"\w{4,}")
HEADLINE_WEIGHT = 2
"""A headline names whom an item is about; a third state is more often named below it."""

ROLE_WEIGHT = 1
"""What acting or being acted on counts beside each sentence that names the actor."""


def signal_key(actors: Sequence[Actor], cues: Sequence[Cue], title: str = "") -> str:
    """Return the sorted codes of the two main actors, or of the one, or a hash of the evidence.

    The main actors are those that headline and evidence name most; states go before blocs and
    organisations, and those that act or are acted on before those that are only mentioned. A state
    whose capital is only where it happens ("talks in Vienna") comes after the other states. So a
    rewrite that also names who mediates, or who did the same before, keeps the key of the others.

    Without actors the hash is that of the proper name that is named most, which rewrites of one
    event share, or of the evidence's words where it has no name.
    """
    sentences = sentences_of(title, cues)
    read = read_sentences(sentences)
    pair = sorted(_main_actors(actors, title, sentences, read))
    return "-".join(pair) if pair else _evidence_hash(sentences, read)


def _main_actors(
    actors: Sequence[Actor],
    title: str,
    sentences: Sequence[str],
    read: Sequence[Sequence[Word]],
) -> list[str]:
    weights: Counter[str] = Counter()
    states: set[str] = set()
    acting: set[str] = set()
    for sentence, words in zip(sentences, read, strict=True):
        named = {word.code: word.state for word in words if word.code is not None}
        states.update(code for code, state in named.items() if state)
        acting.update(_not_as_places(words))
        for code in named:
            weights[code] += HEADLINE_WEIGHT if sentence == title else 1
    venues = weights.keys() - acting
    for actor in actors:
        weights[actor.code] += 0 if actor.role == "mentioned" else ROLE_WEIGHT
    order = list(dict.fromkeys([*(actor.code for actor in actors), *weights]))
    ranked = sorted(
        order,
        key=lambda code: (code not in states, code in venues, -weights[code], order.index(code)),
    )
    return ranked[:2]


def _not_as_places(words: Sequence[Word]) -> Iterator[str]:
    """Yield the actors that are named, but for those whose capital only tells where."""
    before = ""
    for word in words:
        if word.code is not None and not (word.capital and before in BEFORE_PLACE):
            yield word.code
        before = word.text.lower()


def _evidence_hash(sentences: Sequence[str], read: Sequence[Sequence[Word]]) -> str:
    name = main_name(proper_names(read))
    words = sorted(set(WORDS.findall(" ".join(sentences).lower())))
    basis = name if name is not None else " ".join(words)
    return "hash-" + hashlib.sha256(basis.encode("utf-8", "surrogatepass")).hexdigest()[:16]
