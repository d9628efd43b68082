"""The judges of one bundle side by side: speed, size, quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier import bundle
from classifier.evaluation.datasets import ESCALATION
from classifier.evaluation.report import evaluate
from classifier.evaluation.speed import make_items, measure
from classifier.judges import ENCODER, LINEAR
from classifier.model import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from classifier.corpus import Example
    from classifier.evaluation.datasets import Dataset
    from classifier.evaluation.report import Report
    from classifier.evaluation.speed import Speed


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one judge.

    Parameters
    ----------
    judge
        Its name.
    size
        Bytes of its numbers in the bundle.
    speed
        Items of 1.5 kB a second of one core.
    reports
        Of each dataset.
    """

    judge: str
    size: int
    speed: Speed
    reports: tuple[Report, ...]


def compare_judges(path: Path, datasets: Sequence[Dataset], corpus: Sequence[Example]) -> list[Row]:
    """Measure each judge of the bundle in ``path``; ``corpus`` gives the text for the speed."""
    loaded = bundle.load(path)
    both = (LINEAR, ENCODER) if loaded.manifest["judge"] == ENCODER else (LINEAR,)
    items = make_items(corpus)
    found = []
    for judge in both:
        model = load(path, judge=judge)
        state = {k: v for k, v in loaded.state.items() if judge == ENCODER or k != ENCODER}
        reports = tuple(evaluate(model, datasets))
        found.append(Row(judge, _bytes(state), measure([model.assess], items)[0], reports))
    return found


def _bytes(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_bytes, value.values()))
    if isinstance(value, (list, set, frozenset, tuple)):
        return sum(map(_bytes, value))
    return len(value.encode()) if isinstance(value, str) else 8


def headings(rows: Sequence[Row]) -> list[str]:
    """Return the columns of :func:`cells`."""
    names = ["judge", "MB", "items/s in batches", "one at a time"]
    for report in rows[0].reports:
        if report.columns[ESCALATION].positives:
            names += [f"{report.dataset}: AP", "F1 at the floors"]
        if report.recall_at_budget is not None and report.columns[ESCALATION].positives:
            names.append("recall at the budget")
        names.append(f"{report.dataset}: false alarms")
    return names


def cells(row: Row) -> list[str]:
    """Return a row as text."""
    found = [
        row.judge,
        f"{row.size / 1e6:.0f}",
        f"{row.speed.batch:,.0f}",
        f"{row.speed.single:,.0f}",
    ]
    for report in row.reports:
        figures = report.columns[ESCALATION]
        if figures.positives:
            found += [f"{figures.average_precision:.3f}", f"{figures.f1:.3f}"]
            if report.recall_at_budget is not None:
                found.append(f"{report.recall_at_budget:.3f}")
        found.append(f"{report.false_alarms:.2%}")
    return found
