"""Reports as rows of text and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from classifier.evaluation.report import Report

HEADINGS: Final = ("label", "items", "P", "R", "F1", "best F1", "AP", "95 %", "ECE")


def rows(report: Report) -> list[tuple[str, ...]]:
    """Return a row for each column of truth, in the order of :data:`HEADINGS`."""
    found = []
    for name, f in report.columns.items():
        span = "" if f.interval is None else f"{f.interval[0]:.2f}-{f.interval[1]:.2f}"
        numbers = (f.precision, f.recall, f.f1, f.best_f1, f.average_precision)
        cells = ["" if number is None else f"{number:.3f}" for number in numbers]
        found.append((name, str(f.positives), *cells, span, f"{f.calibration_error:.3f}"))
    return found


def as_data(report: Report) -> dict[str, Any]:
    """Return a report as JSON can hold it, without the curves."""
    return {
        "dataset": report.dataset,
        "kind": report.kind,
        "items": report.items,
        "false_alarms": report.false_alarms,
        "recall_at_budget": report.recall_at_budget,
        "columns": {name: asdict(f) for name, f in report.columns.items()},
        "mistakes": [asdict(mistake) for mistake in report.mistakes],
    }
