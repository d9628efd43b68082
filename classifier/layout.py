"""Documents of a batch as one run of sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from classifier.combine import Floats, Layout, joint, lead_rows, views
from classifier.ontology import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.linear import LinearJudge
    from classifier.text import Document

_NOTHING: Final = ("",)


def lay_out(documents: Sequence[Document]) -> tuple[list[str], Layout]:
    """Return all sentences and where each document's lie; an empty one has one of no words."""
    parts = [document.pieces or _NOTHING for document in documents]
    titles = [document.titles for document in documents]
    sentences = [piece for part in parts for piece in part]
    return sentences, Layout.of([len(part) for part in parts], titles)


def look(judge: LinearJudge, documents: Sequence[Document]) -> tuple[Floats, Floats, Layout]:
    """Return the experts' joined log-odds and the views of documents.

    Returns
    -------
    each : ndarray
        Of every sentence, shape ``(n_sentences, n_labels)``, see :func:`classifier.combine.joint`.
    seen : ndarray
        Views of every item, shape ``(n_items, n_labels, VIEWS)``.
    layout : Layout
        Which sentences are whose.
    """
    sentences, layout = lay_out(documents)
    if not sentences:
        nothing = np.empty((0, len(LABELS)))
        return nothing, views(nothing, nothing, layout), layout
    joined = joint(judge.logits_twice(sentences, lead_rows(layout), layout.leads))
    each, block = joined[: len(sentences)], joined[len(sentences) :]
    return each, views(each, block, layout), layout
