"""What a signal tells, in a form that can be compared: a MinHash signature and proper names.

MinHash (Broder, "On the resemblance and containment of documents", 1997) by rensa: the share of
equal places in two signatures estimates the Jaccard likeness of the sets of words behind them. Of
each 32-bit value the lower half is kept, which makes unequal values equal once in 65,536.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rensa import RMinHash

from classifier import read_words
from streams.names import proper_names, sentences_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """

    signature: bytes
    names: Mapping[str, int]
    sentences: tuple[str, ...]


def story_of(signal: Signal) -> Story:
    """Return what a signal tells."""
    sentences = sentences_of(signal.title, signal.cues)
    return Story(signature_of(sentences), proper_names(sentences), tuple(sentences))


def signature_of(sentences: Sequence[str]) -> bytes:
    """Return the MinHash signature of the words that are no actors, numbers or common words."""
    stems = {
        word.text.lower()[:STEM]
        for sentence in sentences
        for word in read_words(sentence)
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


def likeness(one: bytes, other: bytes) -> float:
    """Return the estimated Jaccard likeness of two signatures, 0 to 1."""
    if not one or not other:
        return 0.0
    pairs = zip(_PACKED.unpack(one), _PACKED.unpack(other), strict=True)
    equal: int = sum(a == b for a, b in pairs)
    return equal / PLACES
