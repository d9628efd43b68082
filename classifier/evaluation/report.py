"""One model on one or more datasets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from classifier.evaluation.datasets import ESCALATION, Dataset
from classifier.evaluation.metrics import Figures, figures, recall_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.model import EscalationModel
    from classifier.types import Assessment

BATCH: Final = 256
EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Mistake:
    """An item that the model got wrong in one column, and by how much."""

    column: str
    kind: str
    score: float
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured on one dataset.

    Parameters
    ----------
    dataset, kind, items
        What it was measured on, and how many items.
    columns
        Figures of each column of truth.
    false_alarms
        Share of items without escalation that raised an alert.
    recall_at_budget
        Recall of escalation when the budget's share of the ordinary dataset alarms; None
        without one.
    mistakes
        The surest wrong ones of each column, both ways.
    curves
        Truth and scores of each column, for the plots.
    """

    dataset: str
    kind: str
    items: int
    columns: dict[str, Figures]
    false_alarms: float
    recall_at_budget: float | None
    mistakes: tuple[Mistake, ...]
    curves: dict[str, tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]]


def evaluate(
    model: EscalationModel,
    datasets: Sequence[Dataset],
    progress: Callable[[int, int], None] | None = None,
) -> list[Report]:
    """Measure a model on datasets; an ordinary one sets the false alarms for the others."""
    total, done = sum(len(d.items) for d in datasets), 0
    assessed: list[list[Assessment]] = []
    for dataset in datasets:
        found: list[Assessment] = []
        for at in range(0, len(dataset.items), BATCH):
            found += model.assess(dataset.items[at : at + BATCH])
            done += len(dataset.items[at : at + BATCH])
            if progress is not None:
                progress(done, total)
        assessed.append(found)
    ordinary = [
        a.score
        for d, found in zip(datasets, assessed, strict=True)
        for a in found
        if d.kind == "ordinary"
    ]
    return [
        _report(dataset, found, np.array(ordinary), model.info.budget)
        for dataset, found in zip(datasets, assessed, strict=True)
    ]


def _report(
    dataset: Dataset,
    found: Sequence[Assessment],
    ordinary: npt.NDArray[np.float64],
    budget: float,
) -> Report:
    columns: dict[str, Figures] = {}
    curves = {}
    mistakes: list[Mistake] = []
    for column in dataset.columns:
        truth = np.array([column in true for true in dataset.truth], dtype=bool)
        scores = np.array([_score(a, column) for a in found])
        fired = np.array([_fired(a, column) for a in found], dtype=bool)
        columns[column] = figures(truth, scores, fired)
        curves[column] = (truth, scores)
        mistakes += _mistakes(column, truth, scores, fired, found)
    truth, scores = curves[ESCALATION]
    alarms = np.array([a.alert for a in found], dtype=bool)[~truth]
    return Report(
        dataset=dataset.name,
        kind=dataset.kind,
        items=len(found),
        columns=columns,
        false_alarms=float(alarms.mean()) if len(alarms) else 0.0,
        recall_at_budget=(
            recall_at(truth, scores, ordinary, budget) if len(ordinary) and truth.any() else None
        ),
        mistakes=tuple(mistakes),
        curves=curves,
    )


def _score(assessment: Assessment, column: str) -> float:
    return assessment.score if column == ESCALATION else assessment.scores[column]


def _fired(assessment: Assessment, column: str) -> bool:
    if column == ESCALATION:
        return assessment.alert
    return any(cue.cue == column for cue in assessment.cues)


def _mistakes(
    column: str,
    truth: npt.NDArray[np.bool_],
    scores: npt.NDArray[np.float64],
    fired: npt.NDArray[np.bool_],
    found: Sequence[Assessment],
) -> list[Mistake]:
    wrong = {
        "false alarm": np.flatnonzero(fired & ~truth)[::-1],
        "missed": np.flatnonzero(truth & ~fired),
    }
    result = []
    for kind, where in wrong.items():
        sign = -1 if kind == "false alarm" else 1
        for at in sorted(where.tolist(), key=lambda k: sign * float(scores[k]))[:EXAMPLES]:
            one = found[at]
            result.append(Mistake(column, kind, float(scores[at]), one.id, one.text[:200]))
    return result
