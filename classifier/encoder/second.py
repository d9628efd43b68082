"""The judge behind the screen: linear and encoder stacked, for what could reach a floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from classifier.combine import joint
from classifier.encoder.judge import EncoderJudge
from classifier.encoder.occlusion import occlude
from classifier.encoder.reading import read_items
from classifier.encoder.stack import Stack
from classifier.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.combine import Floats
    from classifier.encoder.reading import Looked
    from classifier.text import Document
    from classifier.types import Term

SENTENCES: Final = 2
"""Sentences that the encoder reads as evidence, the strongest by the linear judge, beside each
label's own strongest."""

BELOW: Final = 1e-4
"""What the screen drops stays at least so far below each floor."""


class SecondJudge:
    """Judges what passed the screen.

    Parameters
    ----------
    state
        As :func:`classifier.encoder.making.make` leaves it in a bundle.
    floors
        Probability for each label, ``(n_labels,)``.
    """

    def __init__(self, state: Mapping[str, Any], floors: Floats) -> None:
        self._encoder = EncoderJudge(bytes(state["graph"]))
        self._stack = Stack.of(state["stack"])
        self._floors = floors

    def judge(
        self,
        documents: Sequence[Document],
        looked: Looked,
        chances: Floats,
        passes: npt.NDArray[np.bool_],
    ) -> tuple[Floats, dict[int, Floats]]:
        """Judge a batch.

        Parameters
        ----------
        documents
            The items.
        looked
            What the linear judge makes of them, see :func:`classifier.layout.look`.
        chances
            Its calibrated probabilities, ``(n_items, n_labels)``.
        passes
            Which items passed the screen, ``(n_items,)``.

        Returns
        -------
        chances : ndarray
            Probability of each label, ``(n_items, n_labels)``. What the screen dropped keeps
            the linear judge's, below every floor.
        each : dict
            Number of each item with a label over its floor -> probabilities of its sentences,
            ``(n_sentences, n_labels)``; 0 for the weaker ones, which the encoder did not read.
        """
        which = np.flatnonzero(passes).tolist()
        read = read_items(self._encoder, documents, looked, chances, which)
        found = np.minimum(chances, self._floors - BELOW)
        if which:
            found[which] = expit(self._stack.item_logits(read))
        over = found >= self._floors
        loud = {at: np.flatnonzero(over[at]) for at in which if over[at].any()}
        return found, self._sentences(documents, looked, read.known, loud)

    def _sentences(
        self,
        documents: Sequence[Document],
        looked: Looked,
        known: dict[tuple[int, int], Floats],
        loud: Mapping[int, npt.NDArray[np.int64]],
    ) -> dict[int, Floats]:
        """Judge the strongest sentences of all items over a floor in one go."""
        joined, _, layout = looked
        places: list[tuple[int, int]] = []
        for at, labels in loud.items():
            start = layout.starts[at]
            own = joined[start : start + len(documents[at].pieces)][:, labels]
            strong = np.argsort(-own.max(axis=1), kind="stable")[:SENTENCES].tolist()
            places += [(at, k) for k in dict.fromkeys([*own.argmax(axis=0).tolist(), *strong])]
        missing = [place for place in places if place not in known]
        texts = [documents[at].pieces[k].strip() for at, k in missing]
        read = dict(zip(missing, joint(self._encoder.logits(texts)), strict=True)) | known
        each = {at: np.zeros((len(documents[at].pieces), len(self._floors))) for at in loud}
        if places:
            linear_say = joined[[layout.starts[at] + k for at, k in places]]
            say = np.array([read[place] for place in places])
            rows = self._stack.sentence_probabilities(linear_say, say)
            for (at, k), row in zip(places, rows, strict=True):
                each[at][k] = row
        return each

    def attribute(self, sentence: str, label: int) -> tuple[Term, ...]:
        """Return what each word of a sentence adds to the encoder's say, by occlusion."""
        return occlude(self._encoder, sentence, label, self._stack.share)


def second(state: Mapping[str, Any], floors: Floats) -> SecondJudge:
    """Return the judge of a bundle.

    Raises
    ------
    BundleError
        If what runs the encoder is not installed.
    """
    try:
        return SecondJudge(state, floors)
    except ModuleNotFoundError as error:
        msg = (
            f"the bundle has an encoder, which needs {error.name}: "
            "install it, or train with --judge linear"
        )
        raise BundleError(msg) from error
