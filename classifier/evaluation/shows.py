"""What the classifier is to show, wanted and measured, in one table."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from classifier.behaviour import WANTED, cases, check_behaviour
from classifier.evaluation.datasets import ESCALATION, read_dataset
from classifier.evaluation.report import evaluate
from classifier.evaluation.speed import compare
from classifier.evaluation.swap import changes
from classifier.judges import ENCODER, LINEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from classifier.corpus import Example
    from classifier.evaluation.report import Report
    from classifier.model import EscalationModel

SETS: Final = {"plover": "plover*.tsv", "items": "world*.jsonl", "ordinary": "ordinary*.jsonl"}
"""Kind of dataset -> names of its files in a directory of measuring sets."""

CHANGE: Final = 0.05
"""Change of a probability by an exchange of names that is none."""

CALIBRATION: Final = 0.03


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a judge.

    Attributes
    ----------
    items, recall
        Average precision on news items, and recall at the budget of false alarms.
    sentences, best_f1, f1
        Average precision on sentences, best F1, and F1 at the floors (0: not asked for).
    unmoved
        Share of texts that an exchange of states leaves as they are.
    """

    items: float
    recall: float
    sentences: float
    best_f1: float
    f1: float
    unmoved: float


OF_JUDGE: Final = {
    LINEAR: Wanted(items=0.87, recall=0.68, sentences=0.70, best_f1=0.65, f1=0.0, unmoved=0.95),
    ENCODER: Wanted(items=0.90, recall=0.75, sentences=0.85, best_f1=0.76, f1=0.76, unmoved=0.98),
}


@dataclass(frozen=True, slots=True)
class Show:
    """One figure: what it is, the least (or most) that is wanted, and what was measured."""

    what: str
    wanted: float
    measured: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is as good as wanted."""
        if self.at_most:
            return self.measured <= self.wanted
        return self.measured >= self.wanted


def shows(
    model: EscalationModel,
    corpus: Sequence[Example],
    measuring_sets: Path | None = None,
    fast: EscalationModel | None = None,
) -> list[Show]:
    """Measure everything that is to be shown.

    Parameters
    ----------
    model
        The model.
    corpus
        Its test split gives texts for the exchange of names; all of it trains the plain
        pipeline that speed is compared with.
    measuring_sets
        Directory with files named as in :data:`SETS`; what needs a missing one is left out.
    fast
        The model with the linear judge alone, to compare its speed, which takes a while and
        wants a quiet machine; None leaves that out.

    Raises
    ------
    ValueError
        If a file does not fit its kind.
    """
    wanted, passing = OF_JUDGE[model.info.judge], WANTED[model.info.judge]
    return [
        *_on_sets(model, measuring_sets, wanted),
        *_calibration(model),
        _exchange(model, corpus, wanted.unmoved),
        *(Show(f"behaviour: {c.name}", passing, c.rate) for c in check_behaviour(model)),
        *(_speed(fast, corpus) if fast is not None else ()),
    ]


def _on_sets(model: EscalationModel, where: Path | None, wanted: Wanted) -> Iterator[Show]:
    found = (
        {kind: sorted(where.glob(name)) for kind, name in SETS.items()} if where is not None else {}
    )
    datasets = [read_dataset(f"{kind}:{path}") for kind, paths in found.items() for path in paths]
    for report in evaluate(model, datasets):
        yield from _of_report(report, model.info.budget, wanted)


def _of_report(report: Report, budget: float, wanted: Wanted) -> Iterator[Show]:
    figures = report.columns[ESCALATION]
    if report.kind == "ordinary":
        yield Show(f"{report.dataset}: false alarms", budget, report.false_alarms, at_most=True)
        return
    least = {"items": wanted.items, "plover": wanted.sentences}[report.kind]
    if figures.average_precision is not None and figures.best_f1 is not None:
        yield Show(f"{report.dataset}: average precision", least, figures.average_precision)
        if report.kind == "plover":
            yield Show(f"{report.dataset}: best F1", wanted.best_f1, figures.best_f1)
            yield Show(f"{report.dataset}: F1 at the floors", wanted.f1, figures.f1 or 0.0)
    if report.kind == "items" and report.recall_at_budget is not None:
        what = f"{report.dataset}: recall at {budget:.1%} false alarms"
        yield Show(what, wanted.recall, report.recall_at_budget)


def _calibration(model: EscalationModel) -> Iterator[Show]:
    """Yield what training measured on the test split and wrote into the manifest."""
    for label, figures in model.info.metrics.get("labels", {}).items():
        error = figures["calibration_error"]
        yield Show(f"test split: calibration error of {label}", CALIBRATION, error, at_most=True)


def _exchange(model: EscalationModel, corpus: Sequence[Example], wanted: float) -> Show:
    texts = [p.text for e in corpus if e.part == "test" for p in e.passages]
    found = changes(model, [*(case.text for case in cases()), *texts], random.Random(7))  # noqa: S311 - no secret
    what = f"share of {len(found):,} texts that other states change by less than {CHANGE:g}"
    return Show(what, wanted, float(np.mean(found < CHANGE)) if len(found) else 0.0)


def _speed(model: EscalationModel, corpus: Sequence[Example]) -> Iterator[Show]:
    ours, plain = compare(model, corpus)
    yield Show(
        "linear judge: speed in batches, times the plain pipeline", 4.0, ours.batch / plain.batch
    )
    yield Show(
        "linear judge: speed one at a time, times the same", 15.0, ours.single / plain.single
    )
