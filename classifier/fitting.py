"""The steps of training, each a function of its data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from classifier.combine import Combination
from classifier.features import CHARACTERS, NEGATED, UNSEEN, Vocabulary
from classifier.ontology import CUES, LABELS
from classifier.text import read
from classifier.text.sentences import pieces
from classifier.types import Item
from classifier.words import WordSet, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifier.corpus import Example

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

GROUP_SCALE: Final = {"word": 1.0, "pair": 1.0, "negated": 1.0, "characters": 0.4}
"""Length of a feature of each group in the vector of a text, relatively."""

IMPORTANCE: Final = {"headline_lead": 2.0, "lead": 2.0, "article": 0.7}
"""Weight of a passage in training, by register; 1 for all others."""

FREQUENT: Final = 0.01
"""Share of passages above which a word has no character n-grams."""

ORDINARY: Final = "ordinary"
"""How the names of the files begin that hold everyday news without any cue."""

VIEW_PENALTY: Final = 1e-3

HARD: Final = 6.0
"""False alarms on text that only shares the cues' words, in budgets of ordinary text."""

LEAST_FLOOR: Final = -1.1
"""No floor lies lower, in log-odds (a probability of a quarter)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A corpus line as an item: title, body, labels, and what it can tell of false alarms."""

    title: str
    body: str
    labels: tuple[str, ...]
    kind: str


def known_words(texts: Sequence[str]) -> Vocabulary:
    """Return the words that occur in small letters, and those that occur most of all."""
    seen: Counter[str] = Counter()
    for text in texts:
        chunks = {word for chunk in set(text.split()) for word in split(chunk).words}
        seen.update({word.lower() for word in chunks})
    chunks = {chunk for text in texts for chunk in text.split()}
    common = WordSet(w for chunk in chunks for w in split(chunk).words if w.islower())
    least = FREQUENT * len(texts)
    frequent = frozenset(w for w, n in seen.items() if n > least and w in common)
    return Vocabulary(common, frequent, frozenset(w for w, n in seen.items() if n > 1))


def truth(labels: Iterable[Sequence[str]]) -> Bools:
    """Return which labels hold, shape ``(n, n_labels)``."""
    rows = [[label in found for label in LABELS] for found in labels]
    return np.array(rows, dtype=bool).reshape(len(rows), len(LABELS))


def targets(examples: Sequence[Example]) -> Bools:
    """Return what the judge's outputs should be for each passage, ``(n, n_outputs)``."""
    labels = truth(passage.labels for example in examples for passage in example.passages)
    nine = labels[:, [label in CUES for label in LABELS]]
    ordinary = [e.source.startswith(ORDINARY) for e in examples for _ in e.passages]
    wanted = np.column_stack([labels, nine.any(axis=1), labels.any(axis=1), ordinary])
    return wanted.astype(bool)


def importance(examples: Iterable[Example]) -> Floats:
    """Return the weight of each passage: text of the kind that a feed carries counts more."""
    return np.array([IMPORTANCE.get(e.register, 1.0) for e in examples for _ in e.passages])


def feature_scale(vocabulary: Sequence[str], counts: Any) -> Floats:
    """Return the scale of each feature: its group's, times its smoothed idf."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(counts.shape[0] / np.maximum(seen, 1)) + 1
    # An unseen word is as rare as words get, however often there is one.
    idf[[at for at, name in enumerate(vocabulary) if name == UNSEEN]] = idf.max()
    group = np.array([GROUP_SCALE[_group(name)] for name in vocabulary])
    return np.asarray(group * idf)


def _group(name: str) -> str:
    if name.startswith(CHARACTERS):
        return "characters"
    if name.startswith(NEGATED):
        return "negated"
    return "pair" if " " in name else "word"


def as_unit(example: Example) -> Unit:
    """Return a corpus line as the item that a feed would carry."""
    title, body = example.title, example.text
    if example.register == "headline_lead" and not title:
        first, *rest = pieces(body)
        title, body = (first.strip(), "".join(rest)) if rest else ("", body)
    elif example.register == "headline":
        title, body = body, ""
    kind = "other"
    if not example.labels and example.group is None:
        kind = "ordinary" if example.source.startswith(ORDINARY) else "quiet"
    return Unit(title, body, example.labels, kind)


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
    weights = fit_views(seen, items)
    return Combination(
        weights=weights,
        scale=calibrate(seen @ weights, items),
        sentence_scale=calibrate(sentence, sentences),
    )


def fit_views(seen: Floats, items: Bools) -> Floats:
    """Return the weights of views, ``(n_views,)``, none of them negative.

    A logistic regression with an intercept for each label, the weights shared.
    """
    count = seen.shape[2]
    signs = np.where(items, 1.0, -1.0)

    def loss(parameters: Floats) -> float:
        margin = signs * (seen @ parameters[:count] + parameters[count:])
        penalty = VIEW_PENALTY * float(np.square(parameters[:count]).sum())
        return float(-log_expit(margin).mean() + penalty)

    start = np.concatenate([np.full(count, 0.5), np.zeros(len(LABELS))])
    bounds = [(0.0, None)] * count + [(None, None)] * len(LABELS)
    fitted = minimize(loss, start, bounds=bounds, method="L-BFGS-B").x[:count]
    rounded: Floats = np.round(fitted, 4)
    return rounded


def calibrate(logits: Floats, wanted: Bools) -> Floats:
    """Platt scaling (Platt 1999), one for the nine cues and one for ``de_escalation``.

    A scale of its own for each cue fits its few held-out texts a little better and ranks
    cues against one another worse, and it is the strongest cue that an item is judged by. That
    one, as the probability of any cue, counts as a tenth beside the nine: one scale cannot make
    both exact, and this leaves each label within .03 and takes a third off
    the error of the highest.
    """
    nine = np.array([label in CUES for label in LABELS])
    scale = np.empty((len(LABELS), 2))
    highest = logits[:, nine].max(axis=1), wanted[:, nine].any(axis=1)
    scale[nine] = _platt(
        np.column_stack((logits[:, nine], highest[0])),
        np.column_stack((wanted[:, nine], highest[1])),
    )
    scale[~nine] = _platt(logits[:, ~nine], wanted[:, ~nine])
    return np.round(scale, 6)


def _platt(logits: Floats, wanted: Bools) -> Floats:
    """Return the slope and intercept, shape ``(2,)``, for all columns together."""
    signs = np.where(wanted, 1.0, -1.0)

    def loss(parameters: Floats) -> float:
        return float(-log_expit(signs * (logits * parameters[0] + parameters[1])).mean())

    bounds = [(0.05, 5.0), (-10.0, 10.0)]
    return np.asarray(minimize(loss, [1.0, 0.0], bounds=bounds, method="L-BFGS-B").x)


def floors(logits: Floats, kinds: Sequence[str], budget: float) -> dict[str, float]:
    """Choose the floor of each label for a share of false alarms on ordinary items.

    The nine cues share one floor, as they share one calibration. It keeps two promises: of
    ordinary text the budget's share alarms, and of text without cue that was written to
    share words with the cues not more than :data:`HARD` times as much. Few held-out items
    alarm at all, so that the share above a floor is read off a tail fitted to the highest
    tenth (an exponential in log-odds, the simplest of the peaks-over-threshold family;
    Coles, "An Introduction to Statistical Modeling of Extreme Values", 2001, chapter 4), not
    off the one or two highest.

    Parameters
    ----------
    logits
        Calibrated log-odds of held-out items, shape ``(n_items, n_labels)``.
    kinds
        ``ordinary``, ``quiet`` (without label, no twin) or ``other``, ``(n_items,)``.
    budget
        Share of ordinary items.
    """
    kind = np.array(kinds)
    nine = [at for at, label in enumerate(LABELS) if label in CUES]

    def lowest(columns: Sequence[int]) -> float:
        ordinary = logits[kind == "ordinary"][:, columns].max(axis=1)
        quiet = logits[kind != "other"][:, columns].max(axis=1)
        needed = max(tail(ordinary, budget), tail(quiet, HARD * budget))
        return round(float(expit(max(needed, LEAST_FLOOR))), 4)

    shared = lowest(nine)
    return {label: shared if at in nine else lowest([at]) for at, label in enumerate(LABELS)}


def tail(values: Floats, budget: float, share: float = 0.1) -> float:
    """Return what ``budget`` of the values exceed, by an exponential fit to the highest."""
    threshold = float(np.quantile(values, 1 - share))
    excess = values[values > threshold] - threshold
    mean = float(excess.mean()) if len(excess) else 0.0
    return threshold + mean * float(np.log(share / min(budget, share)))
