"""Splits keep together what belongs together and have their shares."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from harness.corpus import line, write

from classifier.corpus.located import Located, read_located
from classifier.corpus.records import SHARES
from classifier.corpus.splitting import assign

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any


def located(path: Path, rows: list[dict[str, Any]]) -> list[Located]:
    """Write rows and read them back."""
    lines, problems = read_located([write(path / "a.jsonl", rows)])
    assert problems == []
    return lines


def test_each_label_has_its_share_in_every_split(tmp_path: Path) -> None:
    """Stratified: 76, 10, 7 and 7 per cent of a rare label as well as of a common one."""
    rows = [line(f"b-{n}", f"v{n} w{n} x{n} y{n}", "blockade") for n in range(200)]
    rows += [line(f"a-{n}", f"w{n} x{n} y{n} z{n}") for n in range(800)]
    lines = located(tmp_path, rows)
    splits = assign(lines)
    found = Counter(s for s, one in zip(splits, lines, strict=True) if one.example.labels)
    assert {split: round(200 * share) for split, share in SHARES.items()} == found


def test_neighbours_that_are_variants_share_a_split(tmp_path: Path) -> None:
    """Twins that nobody marked as a group do not leak into another split."""
    common = "sent three brigades of infantry to the river on Monday"
    rows = [line(f"a-{n}-{m}", f"State{n} {common} {n} {m}") for n in range(60) for m in range(2)]
    rows = [{**row, "text": f"{'x' * n} {row['text']}"} for n, row in enumerate(rows)]
    lines = located(tmp_path, rows)
    assert len(set(assign(lines))) == 1


def test_a_new_line_follows_its_group(tmp_path: Path) -> None:
    """Old lines stay, new ones of the group join them; --reassign forgets."""
    texts = ["Rain falls on Oslo", "Snow lies about Turin", "Wind bends palms in Fiji"]
    rows = [line(f"g-{n}", text, group="g") for n, text in enumerate(texts)]
    rows[0]["split"] = "validation"
    lines = located(tmp_path, rows)
    assert assign(lines) == ["validation"] * 3
    assert assign(lines, reassign=True) == ["train"] * 3


def test_the_stand_in_keeps_groups_together_and_has_the_shares(tmp_path: Path) -> None:
    """Before a split is written, a hash of group or id decides."""
    rows = [line(f"a-{n}", f"w{n}", group=f"g{n // 2}") for n in range(4000)]
    parts = [one.example.part for one in located(tmp_path, rows)]
    assert parts[::2] == parts[1::2]
    shares = Counter(parts)
    assert all(abs(shares[s] / 4000 - share) < 0.03 for s, share in SHARES.items())
