"""Make the encoder's part of a bundle: merge, quantise, stack, choose floors and screen.

Takes seconds and no PyTorch: the adapter comes with the package, the base weights with
theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import expit

from classifier.combine import joint
from classifier.encoder import adapter, base
from classifier.encoder.judge import EncoderJudge
from classifier.encoder.reading import read_items
from classifier.encoder.stack import Stack
from classifier.fitting import calibrate, fit_views, tail
from classifier.ontology import CUES, LABELS
from classifier.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.combine import Floats
    from classifier.encoder.reading import Looked, Read
    from classifier.fitting import Bools
    from classifier.text import Document

NEEDED: Final = ("onnx", "onnxruntime", "tokenizers", base.PACKAGE)

SHARE: Final = 0.5
"""The encoder's share: the plain mean of the two judges' log-odds.

On held-out lines the loss is flat, within one standard error of the least from .4 to .65. More
of the encoder is better on sentences of another kind (PLOVER), less on items of a feed.
"""

CAUTION: Final = {"short": 0.2, "long": 3.0}
"""Shares of the miss to aim at on held-out corpus lines.

In real news the words of a short item are further from the corpus than its own held-out
lines are, so that the linear judge sees less in it (measured on real alerts: a tenth of them
below .05, of the corpus' a tenth below .2). A long report says what it says more than once:
none of the 92 long alerts of two held-out splits lay below .118, and a tail read off so few
reaches too far down.
"""

LENIENT: Final = 20
"""How much more often than an alert a de-escalation may be lost, which raises none by itself."""

ENOUGH: Final = 30
"""Alerts among long items from which they have a threshold of their own."""


def available() -> bool:
    """Tell whether everything is installed that a bundle with an encoder is made from."""
    return all(find_spec(name) is not None for name in NEEDED)


@dataclass(frozen=True, slots=True)
class Held:
    """Held-out text and what is known of it.

    Parameters
    ----------
    documents, looked
        Items, and what the linear judge makes of them (:func:`classifier.layout.look`).
    passages, passage_logits
        Single passages as they are read, and the linear judge's joined log-odds of them.
    items, sentences
        What is true of each.
    kinds
        Of the items, see :class:`classifier.fitting.Unit`.
    """

    documents: Sequence[Document]
    looked: Looked
    passages: Sequence[str]
    passage_logits: Floats
    items: Bools
    sentences: Bools
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Made:
    """The encoder's part of a bundle, and what it says of the held-out items.

    Parameters
    ----------
    graph, stack
        What runs.
    item_logits
        Calibrated log-odds of the two judges, ``(n_items, n_labels)``.
    short, ordinary
        Which of the items are short, and which everyday news, ``(n_items,)``.
    about
        What is known of the adapter.
    """

    graph: bytes
    stack: Stack
    item_logits: Floats
    short: Bools
    ordinary: Bools
    about: dict[str, Any]

    def state(self) -> dict[str, Any]:
        """Return it as a bundle keeps it."""
        return {
            "graph": self.graph,
            "stack": self.stack.state(),
        }


class _Remembering(EncoderJudge):
    """Judges a text once: most held-out passages are also the block of their item."""

    def __init__(self, graph: bytes, threads: int) -> None:
        super().__init__(graph, threads)
        self._known: dict[str, Floats] = {}

    def logits(self, texts: Sequence[str]) -> Floats:
        lines = [" ".join(text.split()) for text in texts]
        new = [line for line in dict.fromkeys(lines) if line not in self._known]
        self._known.update(zip(new, super().logits(new), strict=True))
        return np.array([self._known[line] for line in lines])


def make(held: Held, linear: Floats, threads: int) -> Made:
    """Merge and quantise the encoder, and fit the stack on held-out text.

    Parameters
    ----------
    held
        The text.
    linear
        The linear judge's calibrated log-odds of its items, ``(n_items, n_labels)``.
    threads
        That the encoder may use.

    Raises
    ------
    classifier.errors.EncoderError
        If the base weights or the adapter are missing or do not fit each other.
    """
    from classifier.encoder.graph import build  # noqa: PLC0415  needs onnx, only here

    trained = adapter.load()
    graph = build(trained.merged())
    encoder = _Remembering(graph, threads)
    read = read_items(
        encoder, held.documents, held.looked, expit(linear), range(len(held.documents))
    )
    alone = joint(encoder.logits(held.passages))
    stack = fit_stack(read, (held.passage_logits, alone), held.items, held.sentences)
    return Made(
        graph=graph,
        stack=stack,
        item_logits=stack.item_logits(read),
        short=read.short,
        ordinary=np.array([kind == "ordinary" for kind in held.kinds], dtype=bool),
        about=trained.about,
    )


def fit_stack(read: Read, sentence: tuple[Floats, Floats], items: Bools, sentences: Bools) -> Stack:
    """Fit the weights of the views and the calibration, with :data:`SHARE` of the encoder.

    Parameters
    ----------
    read
        What both judges made of held-out items.
    sentence
        Both judges' joined log-odds of held-out passages, each ``(n_passages, n_labels)``.
    items, sentences
        What is true, one column for each label.
    """
    views = read.views(SHARE)
    weights = fit_views(views, items)
    alone = (1 - SHARE) * sentence[0] + SHARE * sentence[1]
    return Stack(SHARE, weights, calibrate(views @ weights, items), calibrate(alone, sentences))


def fit_screen(
    linear: Floats, made: Made, floors: Mapping[str, float], miss: float
) -> dict[str, Any]:
    """Choose below which linear probability an item is not looked at further.

    Parameters
    ----------
    linear
        The linear judge's calibrated log-odds of held-out items, ``(n_items, n_labels)``.
    made
        What the two judges say of the same items.
    floors
        Of the two judges.
    miss
        Share of alerts that the screen may lose, of short items and of long ones; it is read
        off the lower tail of the alerts, as floors are read off the upper tail of the rest.

    Returns
    -------
    dict
        For ``short`` and ``long`` items the threshold of each label, as a manifest keeps
        them, and what was measured on the same items.
    """
    least = np.array([floors[label] for label in LABELS])
    nine = np.array([label in CUES for label in LABELS])
    over = expit(made.item_logits) >= least
    limits = {}
    for name, kind in (("short", made.short), ("long", ~made.short)):
        limits[name] = np.empty(len(LABELS))
        for part, lenience in ((nine, 1), (~nine, LENIENT)):
            share = miss * lenience * CAUTION[name]
            loud = over[:, part].any(axis=1)
            few = np.count_nonzero(loud & kind) < ENOUGH
            lowest = linear[loud if few else loud & kind][:, part].max(axis=1)
            limit = expit(-tail(-lowest, share)) if len(lowest) else 0.0
            limits[name][part] = np.minimum(np.round(limit, 4), least[part])
    passed = Screen(**limits).passes(expit(linear), made.short)
    alerts = over[:, nine].any(axis=1)
    figures = {
        "miss": miss,
        "alerts": int(alerts.sum()),
        "alerts_lost": int(np.count_nonzero(alerts & ~passed)),
        "ordinary_passed": round(float(passed[made.ordinary].mean()), 4),
    }
    return {
        **{name: dict(zip(LABELS, row.tolist(), strict=True)) for name, row in limits.items()},
        **figures,
    }
