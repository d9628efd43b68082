"""Cut a word into the pieces of a trained vocabulary, longest first.

The greedy WordPiece algorithm (Wu et al. 2016, "Google's Neural Machine Translation
System") for single lower-case words, which is all that is needed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 40
_CONTINUES: Final = "##"


class WordPieces:
    """A vocabulary of pieces.

    Parameters
    ----------
    vocabulary
        Pieces in the order of their numbers; those inside a word begin with ``##``.
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {piece: at for at, piece in enumerate(vocabulary)}

    def split(self, word: str) -> list[int]:
        """Return the numbers of the pieces of ``word``; none when it cannot be cut."""
        if len(word) > LONGEST:
            return []
        found: list[int] = []
        start = 0
        while start < len(word):
            end = len(word)
            while end > start:
                piece = word[start:end] if start == 0 else _CONTINUES + word[start:end]
                number = self._numbers.get(piece)
                if number is not None:
                    found.append(number)
                    break
                end -= 1
            else:
                return []
            start = end
        return found
