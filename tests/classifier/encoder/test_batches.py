"""Batches of training texts."""

from __future__ import annotations

from classifier.encoder.batches import BATCH, batches

LENGTHS = [5 + at % 40 for at in range(1000)]
GROUPS = [f"g{at // 4}" if at < 400 else f"alone{at}" for at in range(1000)]


def test_each_text_is_in_one_batch() -> None:
    """None is lost, none comes twice."""
    rows = [row for batch in batches(LENGTHS, GROUPS, seed=1) for row in batch]
    assert sorted(rows) == list(range(1000))


def test_twins_share_a_batch() -> None:
    """Each step sees the contrast that decides."""
    found = batches(LENGTHS, GROUPS, seed=1)
    where = {row: at for at, batch in enumerate(found) for row in batch}
    assert all(len({where[row] for row in range(at, at + 4)}) == 1 for at in range(0, 400, 4))
    assert max(map(len, found)) <= BATCH


def test_the_seed_decides_the_order() -> None:
    """The same seed gives the same batches, another one others."""
    assert batches(LENGTHS, GROUPS, seed=1) == batches(LENGTHS, GROUPS, seed=1)
    assert batches(LENGTHS, GROUPS, seed=1) != batches(LENGTHS, GROUPS, seed=2)
