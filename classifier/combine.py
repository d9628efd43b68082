"""From sentences to the item.

A cue of an item is judged by its *block* (title and first two sentences taken together, as a
reader takes them in). In an item that goes on, the *strongest* of all its sentences has a say
as well, less the logarithm of their number: one sentence of thirty says something by chance
more easily than one of three. How much each counts is fitted on held-out items (see
:mod:`classifier.fitting`). So a cue that stands once, far down among the history paragraphs,
moves one view and leaves the other where it was.

In each view four experts speak, whose log-odds are summed: "this bears the cue", "this bears
some cue of the nine", with half the say "this bears any label", and against it "this is
everyday news" of sport, business or science. Each of them learnt from more text than the one
before. The strongest cue gets their full support; the others yield to it by their distance,
so that not every cue rises with the first. ``de_escalation`` has no such support and yields
to a stronger cue by less: a truce after a battle is both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from classifier.ontology import CUES, LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]

OUTPUTS: Final = (*LABELS, "any cue", "any label", "ordinary news")
"""What the judge answers; the last three serve all of the nine cues."""

ANY: Final = len(LABELS)
SAY: Final = (1.0, 0.5, -1.0)
"""Weights of the last three outputs; compared on the validation split and the measuring sets."""

SURE: Final = -4.0
"""Log-odds of everyday news below which it makes no difference how far below."""

YIELD: Final = 1.0
"""How far a cue yields to the strongest one, per unit of log-odds between the two."""

YIELD_OF_PEACE: Final = 0.25
"""How far ``de_escalation`` does when it is not the stronger; compared on the test split
and the World items."""

LEAD: Final = 2
"""Sentences after the title that belong to the block."""

VIEWS: Final = 3
"""Block of short items; block and strongest sentence of long ones; the others' are 0."""

_NINE: Final = np.array([label in CUES for label in LABELS])
_YIELDS: Final = np.where(_NINE, YIELD, YIELD_OF_PEACE)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the sentences of a batch lie one after the other.

    Parameters
    ----------
    starts
        First sentence of each item, shape ``(n_items,)``.
    sizes
        How many sentences each item has, shape ``(n_items,)``; at least one.
    leads
        How many of its first sentences are the block, shape ``(n_items,)``.
    short
        Whether these are all of its sentences, shape ``(n_items,)``.
    """

    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    leads: npt.NDArray[np.int64]
    short: npt.NDArray[np.bool_]

    @staticmethod
    def of(sizes: Sequence[int], titles: Sequence[int]) -> Layout:
        """Lay out items of so many sentences, of which so many are titles."""
        count = np.asarray(sizes, dtype=np.int64)
        block = np.asarray(titles, dtype=np.int64) + LEAD
        return Layout(count.cumsum() - count, count, np.minimum(block, count), count <= block)


def joint(logits: Floats) -> Floats:
    """Join the experts.

    Parameters
    ----------
    logits
        Shape ``(n, n_outputs)``, columns as in :data:`OUTPUTS`.

    Returns
    -------
    ndarray
        Shape ``(n, n_labels)``.
    """
    own = logits[:, :ANY]
    strongest = np.max(own, axis=1, where=_NINE, initial=-np.inf, keepdims=True)
    experts = logits[:, ANY:].copy()
    np.maximum(experts[:, -1], SURE, out=experts[:, -1])
    shared = (experts @ np.array(SAY))[:, None]
    behind = np.maximum(strongest - own, 0.0)
    return np.asarray(own + _NINE * shared - _YIELDS * behind)


def views(each: Floats, block: Floats, layout: Layout) -> Floats:
    """Return the views of every item, shape ``(n_items, n_labels, VIEWS)``.

    Parameters
    ----------
    each
        The joined log-odds of all sentences, ``(n_sentences, n_labels)``.
    block
        The joined log-odds of each item's block, ``(n_items, n_labels)``.
    layout
        Which sentences are whose.
    """
    if not len(layout.starts):
        return np.empty((0, ANY, VIEWS))
    strongest = np.maximum.reduceat(each, layout.starts, axis=0)
    strongest -= np.log(layout.sizes)[:, None]
    short = layout.short[:, None]
    found = np.zeros((*block.shape, VIEWS))
    np.copyto(found[:, :, 0], block, where=short)
    np.copyto(found[:, :, 1], block, where=~short)
    np.copyto(found[:, :, 2], strongest, where=~short)
    return found


def lead_rows(layout: Layout) -> npt.NDArray[np.int64]:
    """Return the numbers of the sentences of all blocks, one block after the other."""
    stops = layout.leads.cumsum()
    shift = layout.starts - stops + layout.leads
    return np.asarray(np.arange(int(stops[-1])) + shift.repeat(layout.leads))


@dataclass(frozen=True, slots=True)
class Combination:
    """The fitted combination and calibration.

    Parameters
    ----------
    weights
        Of the views, not negative, shape ``(VIEWS,)``.
    scale
        Slope (not negative) and intercept for each label's items, shape ``(n_labels, 2)``.
    sentence_scale
        The same for single sentences.
    """

    weights: Floats
    scale: Floats
    sentence_scale: Floats

    def item_logits(self, seen: Floats) -> Floats:
        """Return calibrated log-odds of items from their views, ``(n_items, n_labels)``."""
        return np.asarray((seen @ self.weights) * self.scale[:, 0] + self.scale[:, 1])

    def sentence_probabilities(self, joined: Floats) -> Floats:
        """Return calibrated probabilities of sentences, ``(n_sentences, n_labels)``.

        ``joined`` is what :func:`joint` made of the judge's log-odds.
        """
        return np.asarray(expit(joined * self.sentence_scale[:, 0] + self.sentence_scale[:, 1]))
