"""Documents of a batch as one run of sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from classifier.combine import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.text import Document

_NOTHING: Final = ("",)


def lay_out(documents: Sequence[Document]) -> tuple[list[str], Layout]:
    """Return all sentences and where each document's lie; an empty one has one of no words."""
    parts = [document.pieces or _NOTHING for document in documents]
    titles = [document.titles for document in documents]
    sentences = [piece for part in parts for piece in part]
    return sentences, Layout.of([len(part) for part in parts], titles)
