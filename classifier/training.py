"""Train a model from the corpus and write it as a bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from classifier import bundle
from classifier.corpus import Example, corpus_digest
from classifier.features import Analyzer
from classifier.ontology import CUES, LABELS
from classifier.words import split

Progress = Callable[[str, int, int], None]
"""Called with the step's name, steps done, steps in all."""

MIN_COUNT = 2


def train(
    corpus: Sequence[Example],
    out_dir: Path,
    *,
    extra: Sequence[Example] = (),
    budget: float = 0.005,
    progress: Progress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """Train on ``corpus`` and ``extra`` and write a bundle.

    Parameters
    ----------
    corpus
        Labelled text with splits.
    out_dir
        Where the bundle goes.
    extra
        A user's own labelled text; lines without a split are trained on.
    budget
        Share of ordinary news that may raise an alert, which sets the floors.
    progress
        Told of each step.
    now
        Gives the training date in the manifest; it does not enter the digest.

    Returns
    -------
    str
        The digest of the bundle.
    """
    steps = 4 + len(LABELS)
    tell = progress or (lambda *_: None)
    tell("reading words", 0, steps)
    examples = [*corpus, *extra]
    common = common_words(p.text for e in examples for p in e.passages)
    vectorizer = CountVectorizer(analyzer=Analyzer(common), min_df=MIN_COUNT, dtype=np.float64)
    fitted = [e for e in examples if e.split in {None, "train"}]
    held = [e for e in examples if e.split == "calibration"]
    tell("features", 1, steps)
    features = vectorizer.fit_transform(_texts(fitted))
    truth = _truth(fitted)
    coef = np.zeros((features.shape[1], len(LABELS)))
    intercept = np.zeros(len(LABELS))
    for at, label in enumerate(LABELS):
        tell(f"learning {label}", 2 + at, steps)
        model = LogisticRegression(C=0.05, solver="liblinear").fit(features, truth[:, at])
        coef[:, at], intercept[at] = model.coef_[0], model.intercept_[0]
    tell("calibrating", 2 + len(LABELS), steps)
    logits = vectorizer.transform(_texts(held)) @ coef + intercept
    scale = _platt(logits, _truth(held))
    floors = _floors(logits, scale, held, budget)
    state = {
        "vocabulary": [str(name) for name in vectorizer.get_feature_names_out()],
        "common": sorted(common),
        "coef": coef,
        "intercept": intercept,
        "scale": scale,
    }
    manifest = {
        "version": "0.1.0",
        "labels": list(LABELS),
        "floors": floors,
        "budget": budget,
        "corpus": {"digest": corpus_digest(examples), "lines": len(examples)},
        "trained": now().isoformat(timespec="seconds"),
    }
    digest = bundle.save(out_dir, state, manifest, "# Escalation model\n")
    tell("saved", steps, steps)
    return digest


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that occur in small letters."""
    chunks = {chunk for text in texts for chunk in text.split()}
    return frozenset(w for chunk in chunks for w in split(chunk).words if w.islower())


def _texts(examples: Iterable[Example]) -> list[str]:
    return [passage.text for example in examples for passage in example.passages]


def _truth(examples: Iterable[Example]) -> np.ndarray[Any, np.dtype[np.int8]]:
    rows = [[label in p.labels for label in LABELS] for e in examples for p in e.passages]
    return np.array(rows, dtype=np.int8)


def _platt(logits: Any, truth: Any) -> Any:  # noqa: ANN401
    rows = []
    for at in range(len(LABELS)):
        fit = LogisticRegression(C=1e3).fit(logits[:, [at]], truth[:, at])
        rows.append([fit.coef_[0, 0], fit.intercept_[0]])
    return np.array(rows)


def _floors(logits: Any, scale: Any, held: Sequence[Example], budget: float) -> dict[str, float]:  # noqa: ANN401
    chances = 1 / (1 + np.exp(-(logits * scale[:, 0] + scale[:, 1])))
    quiet = np.array([not p.labels for e in held for p in e.passages])
    share = 1 - budget * 2
    return {
        label: float(np.clip(np.quantile(chances[quiet, at], share), 0.3, 0.9))
        for at, label in enumerate(LABELS)
        if label in CUES or label == "de_escalation"
    }
