"""Measure how fast the model is against a plain scikit-learn pipeline on the same items.

The plain pipeline is word 1- and 2-grams by TfidfVectorizer and one-vs-rest logistic
regression: no cleaning, no sentences, no evidence. Both run in this process, in turn.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

from classifier.ontology import LABELS
from classifier.types import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.corpus import Example
    from classifier.model import EscalationModel

LENGTH: Final = 1_500
ITEMS: Final = 1_000
BATCH: Final = 250
SINGLE: Final = 300
ROUNDS: Final = 3
CUE_SHARE: Final = 20
"""One item in so many holds a cue, as in a feed."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Items a second, best of some rounds, in batches and one at a time."""

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
    plain = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        OneVsRestClassifier(LogisticRegression(C=5, solver="liblinear")),
    )
    plain.fit(
        [example.text for example in corpus],
        np.array([[label in example.labels for label in LABELS] for example in corpus]),
    )

    def judge(batch: Sequence[Item]) -> object:
        return plain.predict_proba([f"{item.title} {item.text}" for item in batch])

    return measure(model.assess, items, clock), measure(judge, items, clock)


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
    judge: Callable[[Sequence[Item]], object],
    items: Sequence[Item],
    clock: Callable[[], float] = time.process_time,
) -> Speed:
    """Return how many items a second ``judge`` takes, in batches and one at a time."""
    batches: list[Sequence[Item]] = [items[at : at + BATCH] for at in range(0, len(items), BATCH)]
    singles: list[Sequence[Item]] = [[item] for item in items[:SINGLE]]
    best = [0.0, 0.0]
    kinds: tuple[list[Sequence[Item]], ...] = (batches, singles)
    for _ in range(ROUNDS):
        for kind, parts in enumerate(kinds):
            started = clock()
            for part in parts:
                judge(part)
            spent = max(clock() - started, 1e-9)
            best[kind] = max(best[kind], sum(len(part) for part in parts) / spent)
    return Speed(*best)
