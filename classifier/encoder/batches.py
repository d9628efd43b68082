"""How training texts are put into batches: twins together, alike in length, shuffled."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH: Final = 32
POOL: Final = 64
"""Batches' worth of texts that are sorted by length at a time."""


def batches(lengths: Sequence[int], groups: Sequence[str], seed: int) -> list[list[int]]:
    """Return the rows of each batch of one epoch.

    Rows of one group (the near twins of the corpus, which differ in what decides) share a
    batch, so that each step sees the contrast. Groups are shuffled, sorted by length within
    pools to save padding, and the batches shuffled again.

    Parameters
    ----------
    lengths, groups
        Of each row; equal names stand next to one another.
    seed
        Of this epoch: the same seed gives the same batches.
    """
    dice = np.random.default_rng(seed)
    units = [list(rows) for _, rows in groupby(range(len(groups)), key=groups.__getitem__)]
    shuffled = [units[at] for at in dice.permutation(len(units))]
    found: list[list[int]] = []
    for pool in _packed(shuffled, BATCH * POOL):
        ordered = sorted(pool, key=lambda unit: max(lengths[row] for row in unit))
        found += [[row for unit in batch for row in unit] for batch in _packed(ordered, BATCH)]
    return [found[at] for at in dice.permutation(len(found))]


def _packed(units: Sequence[list[int]], size: int) -> list[list[list[int]]]:
    """Cut ``units`` into runs of at most ``size`` rows (or one unit that is larger)."""
    found: list[list[list[int]]] = []
    count = size
    for unit in units:
        if count + len(unit) > size:
            found.append([])
            count = 0
        found[-1].append(unit)
        count += len(unit)
    return found
