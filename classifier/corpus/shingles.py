"""Near duplicates: pairs of texts that share most of their word 3-grams.

Two sets with a Jaccard similarity of at least t share at least one of the
``n - ceil(t n) + 1`` rarest elements of each (prefix filtering: Bayardo, Ma and Srikant,
"Scaling up all pairs similarity search", WWW 2007). So an inverted index over these few
finds every pair, exactly, without comparing all with all.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD: Final = re.compile(r"\w+")
SIZE: Final = 3

Shingles = frozenset[str]


def shingles(text: str) -> Shingles:
    """Return the word 3-grams of a text, in small letters; all words when it has fewer."""
    words = _WORD.findall(text.lower())
    if len(words) <= SIZE:
        return frozenset({" ".join(words)})
    return frozenset(" ".join(words[at : at + SIZE]) for at in range(len(words) - SIZE + 1))


def jaccard(left: Shingles, right: Shingles) -> float:
    """Return the share of common elements, 0 to 1."""
    both = len(left & right)
    return both / (len(left) + len(right) - both) if both else 0.0


def similar_pairs(sets: Sequence[Shingles], least: float) -> Iterator[tuple[int, int, float]]:
    """Yield ``(i, j, similarity)`` with ``i < j`` for every pair of at least ``least``.

    Parameters
    ----------
    sets
        Shape ``(n,)``; none empty.
    least
        Over 0, at most 1.
    """
    counts = Counter(name for one in sets for name in one)
    index: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(sets):
        rare = sorted(one, key=lambda name: (counts[name], name))
        prefix = rare[: len(rare) - math.ceil(least * len(rare)) + 1]
        candidates = {other for name in prefix for other in index[name]}
        for other in sorted(candidates):
            similarity = jaccard(sets[other], one)
            if similarity >= least:
                yield other, at, similarity
        for name in prefix:
            index[name].append(at)
