"""Learning curve: what more text of this corpus is worth, with the plainest pipeline.

The pipeline is fixed on purpose (TF-IDF of words, pairs and character n-grams, one logistic
regression per label, nothing tuned): it measures the text, not the model. Two readings of it: the
highest of the nine cues, and that joined (multiplied) with one more output of the same regression,
"some cue of the nine".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from classifier.evaluation.datasets import ESCALATION, Dataset
from classifier.ontology import CUES
from classifier.text import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from classifier.corpus import Example

SIZES: Final = (1_000, 2_000, 4_000, 8_000, 16_000)


@dataclass(frozen=True, slots=True)
class Point:
    """Average precision of "any of the nine cues" after training on ``lines`` lines.

    Parameters
    ----------
    lines
        That it was trained on: of the train split, last of all splits.
    scores
        Name of the measuring set -> average precision, 0 to 1. The last point, trained on the
        validation split too, is not measured on it.
    """

    lines: int
    scores: dict[str, float]


def learning_curve(
    corpus: Sequence[Example],
    datasets: Sequence[Dataset] = (),
    sizes: Sequence[int] = SIZES,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Point]:
    """Train on growing parts of the train split, last on all lines, and measure each.

    Parameters
    ----------
    corpus
        With a train and a validation split. A part holds whole groups, in the order of a
        hash, so that each part contains the smaller ones.
    datasets
        Further measuring sets that know about escalation.
    sizes
        Lines; those not below the size of the split are replaced by all of it.
    progress
        Told the points done and the points in all.

    Yields
    ------
    Point
        From the smallest to all.
    """
    lines = sorted((e for e in corpus if e.part == "train"), key=_order)
    held = [e for e in corpus if e.part == "validation"]
    texts = [passage.text for example in held for passage in example.passages]
    truth = [any(c in p.labels for c in CUES) for e in held for p in e.passages]
    measured = {"validation": (texts, truth)} | {d.name: _texts(d) for d in datasets}
    steps = [lines[:size] for size in sizes if size < len(lines)] + [lines]
    if datasets:
        steps.append(sorted(corpus, key=_order))
    for done, part in enumerate(steps):
        progress(done, len(steps))
        if len(part) > len(lines):
            del measured["validation"]
        model = _fitted(part)
        scores: dict[str, float] = {}
        for name, data in measured.items():
            scores |= _measure(model, name, *data)
        yield Point(len(part), scores)
    progress(len(steps), len(steps))


def _fitted(part: Sequence[Example]) -> Pipeline:
    passages = [passage for example in part for passage in example.passages]
    # A small part may lack a cue altogether.
    cues = [cue for cue in CUES if any(cue in passage.labels for passage in passages)]
    labels = np.array([[cue in passage.labels for cue in cues] for passage in passages], dtype=int)
    some = labels.max(axis=1, keepdims=True)
    return plain_pipeline().fit([p.text for p in passages], np.hstack([labels, some]))


def plain_pipeline() -> Pipeline:
    """Return the untrained pipeline."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), min_df=3, sublinear_tf=True
    )
    regression = LogisticRegression(C=10, solver="liblinear", random_state=0)
    return make_pipeline(make_union(words, characters), OneVsRestClassifier(regression))


def _order(example: Example) -> str:
    key = f"{example.source}/{example.group}" if example.group else example.id
    return hashlib.sha256(key.encode()).hexdigest() + example.id


def _texts(dataset: Dataset) -> tuple[list[str], list[bool]]:
    texts = [read(item).text for item in dataset.items]
    return texts, [ESCALATION in true for true in dataset.truth]


def _measure(
    model: Pipeline, name: str, texts: Sequence[str], truth: Sequence[bool]
) -> dict[str, float]:
    chances: Any = model.predict_proba(texts)
    highest, some = chances[:, :-1].max(axis=1), chances[:, -1]
    return {
        name: float(average_precision_score(truth, highest)),
        f"{name}, joined": float(average_precision_score(truth, highest * some)),
    }
