"""The steps of training, each a function of its data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import diags_array
from scipy.special import expit, log_expit
from sklearn.linear_model import LogisticRegression

from classifier.combine import OUTPUTS, VIEWS, Combination
from classifier.features import CHARACTERS, NEGATED, Vocabulary
from classifier.ontology import CUES, LABELS
from classifier.text import read
from classifier.text.sentences import pieces
from classifier.types import Item
from classifier.words import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifier.corpus import Example

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STRENGTH: Final = 0.2
"""Inverse of the penalty of the logistic regressions; chosen on the validation split."""

GROUP_SCALE: Final = {"word": 1.5, "pair": 1.5, "negated": 1.5, "characters": 0.5}
"""How far a feature of each group may speak: its prior standard deviation, relatively."""

IMPORTANCE: Final = {"headline_lead": 2.0, "lead": 2.0, "article": 0.7}
"""Weight of a passage in training, by register; 1 for all others."""

FREQUENT: Final = 0.01
"""Share of passages above which a word has no character n-grams."""

DENSE: Final = 0.9
"""Share of passages from which on a column is no word but a dimension."""

VIEW_PENALTY: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Unit:
    """A corpus line as an item: title, body and what is true of it."""

    title: str
    body: str
    labels: tuple[str, ...]
    ordinary: bool


def known_words(texts: Sequence[str]) -> Vocabulary:
    """Return the words that occur in small letters, and those that occur most of all."""
    seen: Counter[str] = Counter()
    for text in texts:
        chunks = {word for chunk in set(text.split()) for word in split(chunk).words}
        seen.update({word.lower() for word in chunks})
    chunks = {chunk for text in texts for chunk in text.split()}
    common = frozenset(w for chunk in chunks for w in split(chunk).words if w.islower())
    least = FREQUENT * len(texts)
    return Vocabulary(common, frozenset(w for w, n in seen.items() if n > least and w in common))


def truth(labels: Iterable[Sequence[str]]) -> Bools:
    """Return the outputs of :data:`classifier.combine.OUTPUTS`, shape ``(n, n_outputs)``."""
    rows = [
        [*(label in found for label in LABELS), any(c in found for c in CUES), bool(found)]
        for found in labels
    ]
    return np.array(rows, dtype=bool).reshape(len(rows), len(OUTPUTS))


def importance(examples: Iterable[Example]) -> Floats:
    """Return the weight of each passage: text of the kind that a feed carries counts more."""
    return np.array([IMPORTANCE.get(e.register, 1.0) for e in examples for _ in e.passages])


def feature_scale(vocabulary: Sequence[str], counts: Any) -> Floats:
    """Return the scale of each feature: its group's, times its smoothed idf over ten."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(counts.shape[0] / np.maximum(seen, 1)) + 1
    group = np.array([GROUP_SCALE[_group(name)] for name in vocabulary])
    return np.asarray(group * idf / 10)


def _group(name: str) -> str:
    if name.startswith(CHARACTERS):
        return "characters"
    if name.startswith(NEGATED):
        return "negated"
    return "pair" if " " in name else "word"


def fit_output(features: Any, wanted: Bools, weight: Floats) -> tuple[Floats, float]:
    """Fit one logistic regression; return weights per scaled feature, and the intercept.

    Each feature may speak the further, the more one-sidedly it occurs: it is scaled by the
    root of its naive-Bayes log-count ratio (Wang and Manning 2012, "Baselines and Bigrams",
    whose NB-SVM takes the ratio itself; the root did better on the validation split). The
    scale is part of the returned weights, which stay linear.

    Parameters
    ----------
    features
        Sparse, shape ``(n_passages, n_features)``.
    wanted, weight
        What is true of each passage, and how much it counts, ``(n_passages,)``.
    """
    ratio = naive_bayes(features, wanted)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", tol=3e-3, random_state=0)
    model.fit(features @ diags_array(ratio), wanted, sample_weight=weight)
    # Rounded, so that the order of sums in another BLAS gives the same digest.
    return np.round(model.coef_[0] * ratio, 7), round(float(model.intercept_[0]), 7)


def naive_bayes(features: Any, wanted: Bools) -> Floats:
    """Return the root of each feature's absolute log-count ratio; 1 for dense features."""
    held = features.astype(bool).astype(np.float64)
    inside, all_of_it = held.T @ wanted.astype(float), held.T @ np.ones(len(wanted))
    yes, no = inside + 1, all_of_it - inside + 1
    ratio = np.abs(np.log((yes / yes.sum()) / (no / no.sum())))
    return np.where(all_of_it > DENSE * len(wanted), 1.0, np.sqrt(ratio))


def as_unit(example: Example) -> Unit:
    """Return a corpus line as the item that a feed would carry."""
    title, body = example.title, example.text
    if example.register == "headline_lead" and not title:
        first, *rest = pieces(body)
        title, body = (first.strip(), "".join(rest)) if rest else ("", body)
    elif example.register == "headline":
        title, body = body, ""
    ordinary = not example.labels and example.group is None
    return Unit(title, body, example.labels, ordinary)


def as_seen(example: Example) -> list[str]:
    """Return each passage of a corpus line as the model will see it, a sentence a line."""
    if example.is_article:
        items = [Item("", "", passage.text) for passage in example.passages]
    else:
        unit = as_unit(example)
        items = [Item("", unit.title, unit.body)]
    return ["\n".join(read(item).pieces) for item in items]


def fit_combination(seen: Floats, sentence: Floats, items: Bools, sentences: Bools) -> Combination:
    """Fit the weights of the views, then a slope and intercept for each label.

    Parameters
    ----------
    seen
        Views of held-out items, shape ``(n_items, n_labels, VIEWS)``.
    sentence
        Joined log-odds of held-out passages, shape ``(n_passages, n_labels)``.
    items, sentences
        What is true, one column for each label.
    """
    weights = _fit_views(seen, items)
    return Combination(
        weights=weights,
        scale=_calibrate(seen @ weights, items),
        sentence_scale=_calibrate(sentence, sentences),
    )


def _fit_views(seen: Floats, items: Bools) -> Floats:
    signs = np.where(items, 1.0, -1.0)

    def loss(parameters: Floats) -> float:
        margin = signs * (seen @ parameters[:VIEWS] + parameters[VIEWS:])
        penalty = VIEW_PENALTY * float(np.square(parameters[:VIEWS]).sum())
        return float(-log_expit(margin).mean() + penalty)

    start = np.concatenate([np.full(VIEWS, 1 / VIEWS), np.zeros(len(LABELS))])
    bounds = [(0.0, None)] * VIEWS + [(None, None)] * len(LABELS)
    fitted = minimize(loss, start, bounds=bounds, method="L-BFGS-B").x[:VIEWS]
    rounded: Floats = np.round(fitted / fitted.sum(), 4)
    return rounded


def _calibrate(logits: Floats, wanted: Bools) -> Floats:
    """Platt scaling (Platt 1999), one for the nine cues and one for ``de_escalation``.

    A scale of its own for each cue fits its few held-out texts a little better and ranks
    cues against one another worse, and it is the strongest cue that an item is judged by.
    """
    nine = np.array([label in CUES for label in LABELS])
    scale = np.empty((len(LABELS), 2))
    for part in (nine, ~nine):
        scale[part] = _platt(logits[:, part], wanted[:, part])
    return np.round(scale, 6)


def _platt(logits: Floats, wanted: Bools) -> Floats:
    signs = np.where(wanted, 1.0, -1.0)

    def loss(parameters: Floats) -> float:
        return float(-log_expit(signs * (logits * parameters[0] + parameters[1])).mean())

    bounds = [(0.05, 5.0), (-10.0, 10.0)]
    best = minimize(loss, [1.0, 0.0], bounds=bounds, method="L-BFGS-B").x
    return np.tile(best, (logits.shape[1], 1))


def floors(logits: Floats, ordinary: Bools, budget: float) -> dict[str, float]:
    """Choose the floor of each label for a share of false alarms on ordinary items.

    The nine cues share one budget. Few held-out items are ordinary, so that the share above
    a floor is read off a tail fitted to the highest tenth (an exponential in log-odds, the
    simplest of the peaks-over-threshold family; Coles, "An Introduction to Statistical
    Modeling of Extreme Values", 2001, chapter 4), not off the one or two highest.
    """
    cues = [at for at, label in enumerate(LABELS) if label in CUES]
    quiet = logits[ordinary]
    shared = _tail(quiet[:, cues].max(axis=1), budget)
    found = {}
    for at, label in enumerate(LABELS):
        own = shared if at in cues else _tail(quiet[:, at], budget)
        found[label] = round(float(expit(max(own, -1.1))), 4)
    return found


def _tail(values: Floats, budget: float, share: float = 0.1) -> float:
    threshold = float(np.quantile(values, 1 - share))
    excess = values[values > threshold] - threshold
    mean = float(excess.mean()) if len(excess) else 0.0
    return threshold + mean * float(np.log(share / min(budget, share)))
