"""Which texts of an item the encoder reads, and what both judges make of them.

For each label that the linear judge hears of the encoder reads one text of an item:
the block (title and first two sentences) if the judge's strongest sentence for the label is
among them, else that sentence. These are one or two texts, however long the item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from classifier.combine import ANY, joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.combine import Floats, Layout
    from classifier.encoder.judge import EncoderJudge
    from classifier.text import Document

Looked = tuple["Floats", "Floats", "Layout"]
"""What the linear judge makes of documents, see :func:`classifier.layout.look`."""

HEARD: Final = 0.2
"""Probability by the linear judge from which a label has a text of its own read."""


@dataclass(frozen=True, slots=True)
class Read:
    """What both judges made of items: joined log-odds, each ``(n_items, n_labels)``.

    Parameters
    ----------
    linear
        Of the block, and of the strongest sentence (of those in the block the best for each
        label, if one of them is the strongest).
    encoder
        Of the block, and of the text that was read for the strongest sentence.
    short
        Which items are no more than their block, ``(n_items,)``.
    sizes
        Sentences of each item, ``(n_items,)``.
    known
        Item and sentence (both by number) -> the encoder's log-odds, ``(n_labels,)``.
    """

    linear: tuple[Floats, Floats]
    encoder: tuple[Floats, Floats]
    short: npt.NDArray[np.bool_]
    sizes: npt.NDArray[np.int64]
    known: dict[tuple[int, int], Floats]

    def views(self, share: float) -> Floats:
        """Return the views of the items as :func:`classifier.combine.views` does.

        ``share`` is the encoder's in the mean of the two judges' log-odds.
        """
        block, strongest = (
            (1 - share) * linear + share * said
            for linear, said in zip(self.linear, self.encoder, strict=True)
        )
        strongest -= np.log(self.sizes)[:, None]
        short = self.short[:, None]
        return np.stack([block * short, block * ~short, strongest * ~short], axis=2)


def read_items(
    encoder: EncoderJudge,
    documents: Sequence[Document],
    looked: Looked,
    chances: Floats,
    which: Sequence[int],
) -> Read:
    """Read some items of a batch.

    Parameters
    ----------
    encoder
        Reads.
    documents, looked
        The batch, and what the linear judge makes of it.
    chances
        Its calibrated probabilities, ``(n_items, n_labels)``.
    which
        Numbers of the items to read.
    """
    _, seen, layout = looked
    numbers = list(which)
    plans = [_plan(documents[at], looked, at, chances[at]) for at in numbers]
    found = joint(encoder.logits([text for plan in plans for text in plan.texts]))
    # Of a block that is not read the encoder says what the linear judge does.
    block = seen[numbers, :, :2].sum(axis=2)
    said = block.copy()
    strongest, said_strongest = np.empty((2, len(numbers), ANY))
    known: dict[tuple[int, int], Floats] = {}
    first = 0
    for row, (at, plan) in enumerate(zip(numbers, plans, strict=True)):
        mine = found[first : first + len(plan.texts)]
        first += len(plan.texts)
        strongest[row] = plan.strongest
        said_strongest[row] = mine[plan.source, np.arange(ANY)]
        for number, place in enumerate(plan.places):
            if place is None:
                said[row] = mine[number]
            if place is not None or len(documents[at].pieces) == 1:
                known[at, place or 0] = mine[number]
    return Read(
        linear=(block, strongest),
        encoder=(said, said_strongest),
        short=layout.short[numbers],
        sizes=np.array([len(documents[at].pieces) or 1 for at in numbers], dtype=np.int64),
        known=known,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to read of an item.

    ``places`` has for each text its sentence, or None for the block; ``source`` for each
    label the text that speaks for it, and ``strongest`` the linear judge's log-odds there.
    """

    texts: list[str]
    places: list[int | None]
    source: npt.NDArray[np.int64]
    strongest: Floats


def _plan(document: Document, looked: Looked, at: int, chances: Floats) -> _Plan:
    joined, _, layout = looked
    pieces = document.pieces
    start, lead = int(layout.starts[at]), int(layout.leads[at])
    own = joined[start : start + max(len(pieces), 1)]
    top = int(chances.argmax())
    best = own.argmax(axis=0)
    # Labels that the linear judge hardly hears of are judged where the loudest one is.
    best = np.where(chances >= HEARD, best, best[top])
    spots = [None if k < lead else k for k in best.tolist()]
    places = list(dict.fromkeys([spots[top], *spots]))
    block = " ".join(piece.strip() for piece in pieces[:lead])
    source = np.array([places.index(spot) for spot in spots])
    inside = own[:lead].max(axis=0)
    return _Plan(
        texts=[block if k is None else pieces[k].strip() for k in places],
        places=places,
        source=source,
        strongest=np.where(best < lead, inside, own[best, np.arange(ANY)]),
    )
