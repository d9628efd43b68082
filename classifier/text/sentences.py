"""Cut text into sentences: at line ends, and where the maintained splitter says so."""

from __future__ import annotations

from typing import Final

import sentencex

MAX_SENTENCE: Final = 700
"""A longer "sentence" (a list, a table, a missing full stop) is cut at a blank."""


def pieces(text: str) -> list[str]:
    """Return the sentences of ``text``; joined, they are ``text`` less its line breaks."""
    found: list[str] = []
    for line in text.split("\n"):
        if not line:
            continue
        for piece in sentencex.segment("en", line):
            if len(piece) <= MAX_SENTENCE:
                found.append(piece)
            else:
                found += _cut(piece)
    return found


def _cut(piece: str) -> list[str]:
    parts = []
    while len(piece) > MAX_SENTENCE:
        at = piece.rfind(" ", MAX_SENTENCE // 2, MAX_SENTENCE) + 1 or MAX_SENTENCE
        parts.append(piece[:at])
        piece = piece[at:]
    return [*parts, piece]
