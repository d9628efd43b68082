"""From chunks of text to rows of weights, looked up and remembered.

A chunk (``"troops,"``) means the same wherever it stands, so that all that the linear
judge wants to know of it is worked out once: the summed weights of its forms, of their
character n-grams and of the pairs inside it. Chunks that training never saw are learnt as
they come, up to a limit, so that memory stays bounded whatever comes in.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from classifier.chunks import Chunks, Hashes, Ints, cut
from classifier.masking import may_follow, may_start
from classifier.words import split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

END: Final = 0
"""Number of the mark after each sentence."""

UNKNOWN: Final = -1
SLOTS: Final = 1 << 19
_SHIFT: Final = np.uint64(64 - 19)
_SPREAD: Final = np.uint64(0xD1342543DE82EF95)

CAPACITY: Final = 131_072
"""Chunks that are remembered (about 30 MB); then it starts again from none."""


NEGATES: Final = 1
"""Flag of a chunk with a negation in it."""

INNER: Final = 2
"""Flag of a chunk with known pairs inside."""

WORDLESS: Final = 4
"""Flag of a chunk without words ("-")."""

STARTS: Final = 8
FOLLOWS: Final = 16
"""Flags of a chunk that may hold the first or second word of a name."""


class LexiconFullError(Exception):
    """The limit is reached: go on with a fresh lexicon."""


@dataclass(frozen=True, slots=True)
class ChunkMeaning:
    """What the judge knows of a chunk.

    Parameters
    ----------
    forms
        As it reads; chunks that read alike share their rows.
    row
        Weights of its forms and their character n-grams, ``(n_outputs,)``.
    negated
        Further weights when it stands under a negation, ``(n_outputs,)``.
    first, last
        Numbers of its outer forms, 0 for a form that is in no pair; -1 if it has no form.
    negates
        Whether a negation is in it.
    pairs
        Rows of the known pairs inside it.
    """

    forms: tuple[str, ...]
    row: Floats
    negated: Floats
    first: int
    last: int
    negates: bool
    pairs: tuple[int, ...]


class Lexicon:
    """Hash of a chunk -> its number in the arrays below, written before it is published.

    An open-addressing table with linear probing (Knuth, TAOCP 3, 6.4), at most a quarter
    full, that numpy looks up by the thousand. Chunks that read alike share a place.

    Parameters
    ----------
    pairs
        Rows of weights of the known pairs, shape ``(n_pairs, n_outputs)``.
    mean
        Works out what a chunk means.

    Attributes
    ----------
    rows
        Of the pairs, then of chunks, then of chunks under a negation (``capacity`` after their
        plain rows), ``(n_pairs + 2 * capacity, n_outputs)``.
    places
        Number of a chunk -> its row; that of :data:`END` weighs nothing.
    first, last
        Number of a chunk -> numbers of its outer forms.
    flags
        Number of a chunk -> sum of :data:`NEGATES`, :data:`INNER`, :data:`WORDLESS`,
        :data:`STARTS` and :data:`FOLLOWS`, as far as they hold.
    pairs
        Number of a chunk -> rows of the pairs inside it, where there are any.
    """

    def __init__(self, pairs: Floats, mean: Callable[[str], ChunkMeaning]) -> None:
        self._mean = mean
        self._lock = threading.Lock()
        # By digest: the forms of the longest chunks would take a hundred times as much.
        self._alike: dict[bytes, int] = {}
        self._keys = np.zeros(SLOTS, dtype=np.uint64)
        # Half as wide, so that more of it stays in cache.
        self._numbers = np.full(SLOTS, UNKNOWN, dtype=np.int32)
        self._size = 1
        self.capacity = CAPACITY
        self.rows: Floats = np.zeros((len(pairs) + 2 * CAPACITY, pairs.shape[1]))
        self.rows[: len(pairs)] = pairs
        self.places: Ints = np.full(CAPACITY, len(pairs), dtype=np.int64)
        self.first: Ints = np.full(CAPACITY, -1, dtype=np.int64)
        self.last: Ints = np.full(CAPACITY, -1, dtype=np.int64)
        self.flags: Flags = np.zeros(CAPACITY, dtype=np.uint8)
        self.pairs: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        """Return the number of chunks known, the end mark among them."""
        return self._size

    def look_up(self, sentences: Sequence[str]) -> Ints:
        """Return the numbers of all chunks, each sentence followed by :data:`END`.

        Raises
        ------
        LexiconFullError
            If new chunks find no place.
        """
        found = [self._look_up(chunks) for chunks in cut(sentences)]
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _look_up(self, chunks: Chunks) -> Ints:
        found = self._find(chunks.hashes)
        full = chunks.stops > chunks.starts
        new: dict[int, int] = {}
        for at in (full & (found == UNKNOWN)).nonzero()[0].tolist():
            key = int(chunks.hashes[at])
            if key not in new:
                new[key] = self._learn(key, chunks.text(at))
            found[at] = new[key]
        found[chunks.ends] = END
        return found[full | chunks.ends]

    def _find(self, hashes: Hashes) -> Ints:
        slots = (hashes * _SPREAD >> _SHIFT).astype(np.int64)
        keys = self._keys[slots]
        found = np.where(keys == hashes, self._numbers[slots], UNKNOWN)
        left = ((keys != hashes) & (keys != 0)).nonzero()[0]
        while len(left):
            slots[left] = (slots[left] + 1) % SLOTS
            keys = self._keys[slots[left]]
            hit = keys == hashes[left]
            found[left[hit]] = self._numbers[slots[left[hit]]]
            left = left[~hit & (keys != 0)]
        return found

    def _learn(self, key: int, chunk: str) -> int:
        meaning = self._mean(chunk)
        with self._lock:
            slot = (key * int(_SPREAD) % (1 << 64)) >> int(_SHIFT)
            while self._keys[slot]:
                if int(self._keys[slot]) == key:
                    return int(self._numbers[slot])
                slot = (slot + 1) % SLOTS
            at = self._size
            if at >= self.capacity:
                raise LexiconFullError
            self._write(at, meaning, split(chunk).words)
            self._size = at + 1
            self._numbers[slot] = at
            self._keys[slot] = key
            return at

    def _write(self, at: int, meaning: ChunkMeaning, words: tuple[str, ...]) -> None:
        place = len(self.rows) - 2 * self.capacity + at
        same = self.places[at] = self._alike.setdefault(_digest(meaning.forms), place)
        if same == place:
            self.rows[place] = meaning.row
            self.rows[place + self.capacity] = meaning.negated
        self.first[at], self.last[at] = meaning.first, meaning.last
        if meaning.pairs:
            self.pairs[at] = meaning.pairs
        kinds = (
            (NEGATES, meaning.negates),
            (INNER, bool(meaning.pairs)),
            (WORDLESS, not meaning.forms),
            (STARTS, bool(words) and may_start(words[-1])),
            (FOLLOWS, bool(words) and may_follow(words[0])),
        )
        self.flags[at] = sum(bit for bit, holds in kinds if holds)


def _digest(forms: tuple[str, ...]) -> bytes:
    # No form holds a blank.
    told = " ".join(forms).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=16).digest()
