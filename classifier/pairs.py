"""A set of integer keys that numpy can look up by the hundred thousand.

``searchsorted`` costs seventeen dependent memory reads a key; this costs one or two: an
open-addressing table with linear probing (Knuth, TAOCP 3, 6.4), a quarter full.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: multiplicative hashing."""

_LOAD: Final = 4
_EMPTY: Final = np.iinfo(np.int64).min


class KeyTable:
    """Maps distinct keys to their positions.

    Parameters
    ----------
    keys
        Shape ``(n,)``.
    """

    def __init__(self, keys: Ints) -> None:
        bits = max(4, int(np.ceil(np.log2(max(len(keys), 1) * _LOAD))))
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        self._keys: Ints = np.full(1 << bits, _EMPTY, dtype=np.int64)
        # Half as wide, so that more of it stays in cache.
        self._places = np.zeros(1 << bits, dtype=np.int32)
        places = np.arange(len(keys), dtype=np.int64)
        slots = self._slots(keys)
        while len(keys):
            # Of those that want a free slot, the first gets it; all others go on to the next.
            wanted, first = np.unique(slots, return_index=True)
            first = first[self._keys[wanted] == _EMPTY]
            self._keys[slots[first]], self._places[slots[first]] = keys[first], places[first]
            left = np.ones(len(keys), dtype=bool)
            left[first] = False
            keys, places, slots = keys[left], places[left], (slots[left] + 1) & self._mask

    def find(self, keys: Ints) -> tuple[Ints, Ints]:
        """Return which of ``keys`` are known (their indices, ascending) and their positions."""
        slots = self._slots(keys)
        there = self._keys[slots]
        hit = there == keys
        left = (~hit & (there != _EMPTY)).nonzero()[0]
        while len(left):
            slots[left] = (slots[left] + 1) & self._mask
            there = self._keys[slots[left]]
            same = there == keys[left]
            hit[left[same]] = True
            left = left[~same & (there != _EMPTY)]
        at = hit.nonzero()[0]
        return at, self._places[slots[at]].astype(np.int64)

    def _slots(self, keys: Ints) -> Ints:
        mixed = (keys.view(np.uint64) * _MULTIPLIER) >> self._shift
        return mixed.view(np.int64)
