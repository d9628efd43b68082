"""Which lines must share a split: contrast groups and near twins."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from classifier.corpus.shingles import jaccard, shingles, similar_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.corpus.located import Located

TWIN: Final = 0.4
"""Neighbours in a file that are as similar as this were written as variants of each other."""

DUPLICATE: Final = 0.8


def clusters(lines: Sequence[Located]) -> list[list[int]]:
    """Return lines that belong together, as lists of positions in order.

    Together are the lines of a group, neighbours in a file with a Jaccard similarity of
    word 3-grams above :data:`TWIN`, and any two lines above :data:`DUPLICATE`.
    """
    parent = list(range(len(lines)))
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        if line.group is not None:
            _join(parent, first.setdefault(line.group, at), at)
    sets = [shingles(line.example.text) for line in lines]
    for left, right in pairwise(range(len(lines))):
        same_file = lines[left].file == lines[right].file
        if same_file and jaccard(sets[left], sets[right]) > TWIN:
            _join(parent, left, right)
    for left, right, _ in similar_pairs(sets, DUPLICATE):
        _join(parent, left, right)
    found: dict[int, list[int]] = {}
    for at in range(len(lines)):
        found.setdefault(_root(parent, at), []).append(at)
    return list(found.values())


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _join(parent: list[int], left: int, right: int) -> None:
    one, other = sorted((_root(parent, left), _root(parent, right)))
    parent[other] = one
