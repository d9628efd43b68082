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

from classifier.masking import may_follow, may_start
from classifier.words import split

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = npt.NDArray[np.float64]

END_CHUNK: Final = "\x00"
"""Stands between sentences; cleaning leaves none in a text."""

END: Final = 0
CAPACITY: Final = 131_072
"""Chunks that are remembered (about 30 MB); then it starts again from none."""

LONGEST: Final = 700


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


class Lexicon(dict[str, int]):
    """Chunk -> its place in the arrays below, which are written before it is published.

    Rows of weights lie at the place of the first chunk that reads alike (``meaning``).

    Parameters
    ----------
    outputs
        Number of the judge's outputs.
    mean
        Works out what a chunk means.
    """

    def __init__(self, outputs: int, mean: Callable[[str], ChunkMeaning]) -> None:
        super().__init__()
        self._mean = mean
        self._lock = threading.Lock()
        self._alike: dict[tuple[str, ...], int] = {}
        self.meaning: npt.NDArray[np.int64] = np.zeros(CAPACITY, dtype=np.int64)
        self.rows: Floats = np.zeros((CAPACITY, outputs))
        self.negated: Floats = np.zeros((CAPACITY, outputs))
        self.first: npt.NDArray[np.int64] = np.full(CAPACITY, -1, dtype=np.int64)
        self.last: npt.NDArray[np.int64] = np.full(CAPACITY, -1, dtype=np.int64)
        self.negates: npt.NDArray[np.bool_] = np.zeros(CAPACITY, dtype=bool)
        self.starts: npt.NDArray[np.bool_] = np.zeros(CAPACITY, dtype=bool)
        self.follows: npt.NDArray[np.bool_] = np.zeros(CAPACITY, dtype=bool)
        self.inner: npt.NDArray[np.bool_] = np.zeros(CAPACITY, dtype=bool)
        self.pairs: dict[int, tuple[int, ...]] = {}
        self[END_CHUNK] = END

    def __missing__(self, chunk: str) -> int:
        """Learn a chunk."""
        meaning = self._mean(chunk)
        words = split(chunk).words
        with self._lock:
            at = len(self)
            if at >= CAPACITY:
                raise LexiconFullError
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
            return self.setdefault(chunk, at)
