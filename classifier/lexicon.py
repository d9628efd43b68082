"""From chunks of text to rows of weights, looked up and remembered.

A chunk (``"troops,"``) means the same wherever it stands, so that all that the linear
judge wants to know of it is worked out once: the summed weights of its forms, of their
character n-grams and of the pairs inside it. Chunks that training never saw are learnt as
they come, up to a limit, so that memory stays bounded whatever comes in.
"""

from __future__ import annotations

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
Bools = npt.NDArray[np.bool_]

END: Final = 0
"""Place of the mark after each sentence."""

UNKNOWN: Final = -1
SLOTS: Final = 1 << 19
_SHIFT: Final = np.uint64(64 - 19)
_SPREAD: Final = np.uint64(0xD1342543DE82EF95)

CAPACITY: Final = 131_072
"""Chunks that are remembered (about 30 MB); then it starts again from none."""


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
        Places of the known pairs inside it.
    """

    forms: tuple[str, ...]
    row: Floats
    negated: Floats
    first: int
    last: int
    negates: bool
    pairs: tuple[int, ...]


class Lexicon:
    """Hash of a chunk -> its place in the arrays below, written before it is published.

    An open-addressing table with linear probing (Knuth, TAOCP 3, 6.4), at most a quarter
    full, that numpy looks up by the thousand. Rows of weights lie at the place of the first
    chunk that reads alike (``meaning``).

    Parameters
    ----------
    outputs
        Number of the judge's outputs.
    mean
        Works out what a chunk means.
    """

    def __init__(self, outputs: int, mean: Callable[[str], ChunkMeaning]) -> None:
        self._mean = mean
        self._lock = threading.Lock()
        self._alike: dict[tuple[str, ...], int] = {}
        self._keys = np.zeros(SLOTS, dtype=np.uint64)
        self._places = np.full(SLOTS, UNKNOWN, dtype=np.int64)
        self._size = 1
        self.meaning: Ints = np.zeros(CAPACITY, dtype=np.int64)
        self.rows: Floats = np.zeros((CAPACITY, outputs))
        self.negated: Floats = np.zeros((CAPACITY, outputs))
        self.first: Ints = np.full(CAPACITY, -1, dtype=np.int64)
        self.last: Ints = np.full(CAPACITY, -1, dtype=np.int64)
        self.negates: Bools = np.zeros(CAPACITY, dtype=bool)
        self.starts: Bools = np.zeros(CAPACITY, dtype=bool)
        self.follows: Bools = np.zeros(CAPACITY, dtype=bool)
        self.inner: Bools = np.zeros(CAPACITY, dtype=bool)
        self.pairs: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        """Return the number of chunks known, the end mark among them."""
        return self._size

    def look_up(self, sentences: Sequence[str]) -> Ints:
        """Return the places of all chunks, each sentence followed by :data:`END`.

        Raises
        ------
        LexiconFullError
            If new chunks find no place.
        """
        return np.concatenate([self._look_up(chunks) for chunks in cut(sentences)])

    def _look_up(self, chunks: Chunks) -> Ints:
        found = self._find(chunks.hashes)
        full = chunks.stops > chunks.starts
        new: dict[int, int] = {}
        for at in (full & (found == UNKNOWN)).nonzero()[0].tolist():
            key = int(chunks.hashes[at])
            if key not in new:
                new[key] = self._learn(key, chunks.text(at))
            found[at] = new[key]
        places = np.column_stack(
            (np.where(full, found, UNKNOWN), np.where(chunks.ends, END, UNKNOWN))
        ).ravel()
        return np.asarray(places[places != UNKNOWN])

    def _find(self, hashes: Hashes) -> Ints:
        slots = (hashes * _SPREAD >> _SHIFT).astype(np.int64)
        keys = self._keys[slots]
        found = np.where(keys == hashes, self._places[slots], UNKNOWN)
        left = ((keys != hashes) & (keys != 0)).nonzero()[0]
        while len(left):
            slots[left] = (slots[left] + 1) % SLOTS
            keys = self._keys[slots[left]]
            hit = keys == hashes[left]
            found[left[hit]] = self._places[slots[left[hit]]]
            left = left[~hit & (keys != 0)]
        return found

    def _learn(self, key: int, chunk: str) -> int:
        meaning = self._mean(chunk)
        with self._lock:
            slot = (key * int(_SPREAD) % (1 << 64)) >> int(_SHIFT)
            while self._keys[slot]:
                if int(self._keys[slot]) == key:
                    return int(self._places[slot])
                slot = (slot + 1) % SLOTS
            at = self._size
            if at >= CAPACITY:
                raise LexiconFullError
            self._write(at, meaning, split(chunk).words)
            self._size = at + 1
            self._places[slot] = at
            self._keys[slot] = key
            return at

    def _write(self, at: int, meaning: ChunkMeaning, words: tuple[str, ...]) -> None:
        same = self._alike.setdefault(meaning.forms, at)
        self.meaning[at] = same
        if same == at:
            self.rows[at] = meaning.row
            self.negated[at] = meaning.negated
        self.first[at], self.last[at] = meaning.first, meaning.last
        self.negates[at] = meaning.negates
        if meaning.pairs:
            self.pairs[at], self.inner[at] = meaning.pairs, True
        self.starts[at] = bool(words) and may_start(words[-1])
        self.follows[at] = bool(words) and may_follow(words[0])
