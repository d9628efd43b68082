"""Cut sentences into chunks and hash them, thousands at a time, without a loop in Python.

The bytes of all sentences are one array. Blanks and line ends are found by comparison, and
the hash of each stretch between them comes from one running sum: with the polynomial prefix
sums ``H[n] = sum(b[k] * B**k for k < n)`` modulo 2**64, the hash of bytes i to j is
``(H[j] - H[i]) * B**-i`` (Karp and Rabin 1987; ``B`` is odd, so that it has an inverse).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

SLICE: Final = 60_000
"""Code points that are hashed at once: at most four bytes each, so that all stays in cache."""

_BYTES: Final = 1 << 18
_BASE: Final = 0x9E3779B97F4A7C15
_BLANK: Final = 32
_LINE_END: Final = 10


@dataclass(frozen=True, slots=True)
class Chunks:
    """The chunks of some sentences.

    Parameters
    ----------
    content
        The sentences as UTF-8, each followed by a blank and a line end.
    starts, stops
        Where each stretch lies, ``(n,)``; empty where blanks meet, as before a line end.
    hashes
        Of each stretch, ``(n,)``, never 0.
    ends
        Whether it is the empty one at the end of a sentence, ``(n,)``.
    """

    content: bytes
    starts: Ints
    stops: Ints
    hashes: Hashes
    ends: npt.NDArray[np.bool_]

    def text(self, at: int) -> str:
        """Return a chunk as text."""
        return self.content[self.starts[at] : self.stops[at]].decode("utf-8", "surrogatepass")


def cut(sentences: Sequence[str]) -> Iterator[Chunks]:
    """Yield the chunks of sentences, slice by slice; no sentence is in two slices."""
    first, size = 0, 0
    for at, length in enumerate(map(len, sentences)):
        size += length + 2
        if size > SLICE:
            yield _cut(sentences[first : at + 1])
            first, size = at + 1, 0
    if first < len(sentences):
        yield _cut(sentences[first:])


def _cut(sentences: Sequence[str]) -> Chunks:
    content = " \n".join((*sentences, "")).encode("utf-8", "surrogatepass")
    data = np.frombuffer(content, dtype=np.uint8)
    power, inverse = _powers(max(_BYTES, len(content)))
    sums = np.zeros(len(content) + 1, dtype=np.uint64)
    np.cumsum(data * power[: len(content)], out=sums[1:])
    stops = (data <= _BLANK).nonzero()[0]
    starts = np.empty_like(stops)
    starts[:1] = 0
    starts[1:] = stops[:-1] + 1
    hashes = (sums[stops] - sums[starts]) * inverse[starts]
    return Chunks(content, starts, stops, np.maximum(hashes, 1), data[stops] == _LINE_END)


@functools.lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Return the powers of the base and of its inverse modulo 2**64."""
    inverse = pow(_BASE, -1, 1 << 64)
    steps = (np.full(size, base, dtype=np.uint64) for base in (_BASE, inverse))
    power, back = (np.cumprod(step) for step in steps)
    return power, back
