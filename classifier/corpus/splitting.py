"""Divide the corpus into train, calibration, validation and test, by cluster and label."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Final

from classifier.corpus.clusters import clusters
from classifier.corpus.records import SHARES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from classifier.corpus.located import Located

NONE: Final = "none"


def assign(lines: Sequence[Located], *, reassign: bool = False) -> list[str]:
    """Return a split for each line, shape ``(n_lines,)``.

    Clusters (see :mod:`classifier.corpus.clusters`) go, largest first and then in the order
    of a hash of their ids, to the split that is most behind its share of their labels. A
    line that has a split keeps it, and the new lines of its cluster follow it.

    Parameters
    ----------
    lines
        The corpus.
    reassign
        Forget the splits that are written.
    """
    splits: list[str | None] = [None if reassign else line.example.split for line in lines]
    totals = Counter(kind for line in lines for kind in _kinds(line))
    have: dict[str, Counter[str]] = {split: Counter() for split in SHARES}
    for line, split in zip(lines, splits, strict=True):
        if split is not None:
            have[split].update(_kinds(line))
    for cluster in sorted(clusters(lines), key=lambda c: (-len(c), _hash(lines[c[0]].example.id))):
        free = [at for at in cluster if splits[at] is None]
        if not free:
            continue
        kinds = Counter(kind for at in free for kind in _kinds(lines[at]))
        taken = Counter(split for at in cluster if (split := splits[at]) is not None)
        chosen = taken.most_common(1)[0][0] if taken else _neediest(kinds, have, totals)
        have[chosen].update(kinds)
        for at in free:
            splits[at] = chosen
    return [split or "train" for split in splits]


def write_splits(files: Iterable[Path], splits: Iterable[str]) -> int:
    """Write the splits into the files' lines, in their order; return how many changed.

    Nothing else of a line changes, and a file whose splits stay is left alone.
    """
    given = iter(splits)
    changed = 0
    for path in files:
        lines = path.read_text(encoding="utf-8").splitlines()
        new = [_with_split(line, next(given)) if line.strip() else line for line in lines]
        differing = sum(one != other for one, other in zip(lines, new, strict=True))
        if differing:
            path.write_text("\n".join(new) + "\n", encoding="utf-8")
        changed += differing
    return changed


def _with_split(line: str, split: str) -> str:
    row = json.loads(line)
    if row.get("split") == split:
        return line
    return json.dumps({**row, "split": split}, ensure_ascii=False)


def _kinds(line: Located) -> tuple[str, ...]:
    return (*(line.example.labels or (NONE,)), f"register {line.example.register}")


def _neediest(kinds: Counter[str], have: dict[str, Counter[str]], totals: Counter[str]) -> str:
    def need(split: str) -> float:
        return sum(n * (SHARES[split] - have[split][k] / totals[k]) for k, n in kinds.items())

    return max(SHARES, key=need)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
