"""Measure how fast the model is against a plain scikit-learn pipeline on the same items.

The plain pipeline is word 1- and 2-grams by TfidfVectorizer and one-vs-rest logistic
regression: no cleaning, no sentences, no evidence. Both run in this process and
take turns, so that what else the machine does meets both.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from classifier.ontology import LABELS
from classifier.types import Item

if TYPE_CHECKING:
    from classifier.corpus import Example
    from classifier.model import EscalationModel

Judge = Callable[[Sequence[Item]], object]

LENGTH: Final = 1_500
ITEMS: Final = 1_000
BATCH: Final = 100
SINGLE: Final = 200
ROUNDS: Final = 5
CUE_SHARE: Final = 20
"""One item in so many holds a cue, as in a feed."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Items a second, in batches and one at a time."""

    batch: float
    single: float


def compare(
    model: EscalationModel,
    corpus: Sequence[Example],
    clock: Callable[[], float] = time.process_time,
) -> tuple[Speed, Speed]:
    """Measure the model and the plain pipeline on items of 1.5 kB.

    Parameters
    ----------
    model
        The model.
    corpus
        Trains the plain pipeline and gives the text of the items.
    clock
        Processor seconds, so that a busy machine does not count.

    Returns
    -------
    tuple of Speed
        The model's, then the plain pipeline's.
    """
    items = make_items(corpus)
    plain = fit_plain(corpus)

    def judge(batch: Sequence[Item]) -> object:
        return plain.predict_proba([f"{item.title} {item.text}" for item in batch])

    ours, other = measure((model.assess, judge), items, clock)
    return ours, other


def fit_plain(corpus: Sequence[Example]) -> Pipeline:
    """Return the plain pipeline, fitted; its outputs are the labels in their order."""
    plain = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=5, solver="liblinear")),
    )
    plain.fit(
        [example.text for example in corpus],
        np.array([[label in example.labels for label in LABELS] for example in corpus]),
    )
    return plain


def make_items(corpus: Sequence[Example]) -> list[Item]:
    """Join texts to items of 1.5 kB, one in twenty about a cue, as a report stays with its subject.

    All others are everyday news of any kind.
    """
    quiet = [e.text for e in corpus if not e.labels and e.source.startswith("ordinary")]
    loud = {label: [e.text for e in corpus if label in e.labels[:1]] for label in LABELS}
    random = np.random.default_rng(0)
    items = []
    for at in range(ITEMS):
        pool = quiet if at % CUE_SHARE else loud[LABELS[at // CUE_SHARE % len(LABELS)]]
        text = ""
        while len(text) < LENGTH:
            text += pool[random.integers(len(pool))] + " "
        items.append(Item(str(at), pool[random.integers(len(pool))][:80], text[:LENGTH]))
    return items


def measure(
    judges: Sequence[Judge],
    items: Sequence[Item],
    clock: Callable[[], float] = time.process_time,
) -> list[Speed]:
    """Return the speed of each judge; they take turns, and of each part the best round counts."""
    batches = [items[at : at + BATCH] for at in range(0, len(items), BATCH)]
    singles = [[item] for item in items[:SINGLE]]
    kinds: tuple[Sequence[Sequence[Item]], ...] = (batches, singles)
    best: dict[tuple[int, int, int], float] = {}
    for _, (kind, parts), (who, judge) in itertools.product(
        range(ROUNDS), enumerate(kinds), enumerate(judges)
    ):
        for at, part in enumerate(parts):
            started = clock()
            judge(part)
            spent = max(clock() - started, 1e-9)
            best[who, kind, at] = min(best.get((who, kind, at), np.inf), spent)

    def rate(who: int, kind: int) -> float:
        parts = kinds[kind]
        return sum(map(len, parts)) / sum(best[who, kind, at] for at in range(len(parts)))

    return [Speed(rate(who, 0), rate(who, 1)) for who in range(len(judges))]
