"""What a signal tells, in a form that can be compared: a MinHash signature and proper names.

MinHash (Broder, "On the resemblance and containment of documents", 1997) by rensa: the share of
equal places in two signatures estimates the Jaccard likeness of the sets of words behind them. Of
each 32-bit value the lower half is kept, which makes unequal values equal once in 65,536.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rensa import RMinHash

from streams.names import proper_names, read_sentences, sentences_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier import Word
    from streams.records import Signal

PLACES = 64
"""Values in a signature; the standard error of a likeness of one half is 1/16."""

SEED = 20261124
STEM = 6
"""Letters of a word that count: "attack", "attacked" and "attackers" are one word."""

SHORTEST = 4
COMMON = frozenset(
    (
        "about",
        "after",
        "against",
        "also",
        "been",
        "from",
        "have",
        "into",
        "more",
        "official",
        "officials",
        "said",
        "says",
        "that",
        "their",
        "they",
        "this",
        "were",
        "which",
        "with",
        "would",
    )
)
_PACKED = struct.Struct(f"<{PLACES}H")
SIGNATURE = _PACKED.size
"""Bytes of a signature."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a signal tells.

    Attributes
    ----------
    signature
        MinHash of the words of headline and evidence, 128 bytes; empty when there are none.
    names
        Proper names in them with their counts.
    sentences
        The sentences themselves, headline first.
    words
        The words of each sentence.
    """

    signature: bytes
    names: Mapping[str, int]
    sentences: tuple[str, ...]
    words: Sequence[Sequence[Word]]


def story_of(signal: Signal) -> Story:
    """Return what a signal tells."""
    sentences = sentences_of(signal.title, signal.cues)
    words = read_sentences(sentences)
    return Story(signature_of(words), proper_names(words), tuple(sentences), words)


def signature_of(read: Sequence[Sequence[Word]]) -> bytes:
    """Return the MinHash signature of the words that are no actors, numbers or common words."""
    stems = {
        word.text.lower()[:STEM]
        for words in read
        for word in words
        if word.code is None
        and not word.common
        and len(word.text) >= SHORTEST
        and word.text.lower() not in COMMON
    }
    if not stems:
        return b""
    hashes = RMinHash(num_perm=PLACES, seed=SEED)
    hashes.update(sorted(stems))
    return _PACKED.pack(*(value & 0xFFFF for value in hashes.digest()))


def likeness(one: bytes, others: bytes) -> float:
    """Return the highest estimated Jaccard likeness of a signature to others, 0 to 1.

    The others stand one after the other.
    """
    if not one or not others:
        return 0.0
    known = np.frombuffer(others, dtype="<u2").reshape(-1, PLACES)
    equal = (known == np.frombuffer(one, dtype="<u2")).sum(axis=1)
    return float(equal.max()) / PLACES
