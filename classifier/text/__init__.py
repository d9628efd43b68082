"""Messy text in, clean sentences out.

One step per file: :mod:`~classifier.text.markup` (HTML, entities, mojibake),
:mod:`~classifier.text.boilerplate` (lines that no journalist wrote),
:mod:`~classifier.text.document` (an item as one cleaned text with sentence offsets),
:mod:`~classifier.text.sentences` and
:mod:`~classifier.text.language`.
"""

from __future__ import annotations

from classifier.text.document import Document, Sentence, read

__all__ = ["Document", "Sentence", "read"]
