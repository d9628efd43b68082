"""From chunks of text to numbers of forms, looked up and remembered.

A chunk (``"troops,"``) always gives the same forms, unless a name of several words starts
in it; sentences with such a chunk take the plain way. Chunks and forms that training never
saw are learnt as they come, up to a limit, so that memory stays bounded whatever comes in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from classifier.features import readings
from classifier.masking import find_name, form_of, starts_long_name
from classifier.words import split

END: Final = 0
"""Number of the mark between sentences."""

MAX_NEW_FORMS: Final = 65_536
MAX_CHUNKS: Final = 262_144
LONGEST_CHUNK: Final = 40
"""Longer ones are rare and would fill the memory: they are read anew each time."""

Floats = npt.NDArray[np.float64]


class LexiconFullError(Exception):
    """The limits are reached: start again from the trained words."""


class Lexicon(dict[str, tuple[int, ...]]):
    """Chunk -> numbers of its forms; chunks in ``long`` need the whole sentence.

    Parameters
    ----------
    forms
        Trained forms with their numbers, from 1.
    common
        See :mod:`classifier.masking`.
    weights
        Shape ``(n_forms + 1, n_outputs)``: a row for each trained form.
    weigh
        Gives the row of a form that training never saw.
    """

    def __init__(
        self,
        forms: Mapping[str, int],
        common: frozenset[str],
        weights: Floats,
        weigh: Callable[[str], Floats],
    ) -> None:
        super().__init__()
        self._forms = dict(forms)
        self._common = common
        self._weigh = weigh
        self._lock = threading.Lock()
        spare = np.zeros((MAX_NEW_FORMS, weights.shape[1]))
        self.weights: Floats = np.concatenate([weights, spare])
        self.long: set[str] = set()

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        """Read a chunk for the first time."""
        words = split(chunk).words
        if any(starts_long_name(word) for word in words) or _joins(words):
            self.long.add(chunk)
        forms = [self._form(words, at) for at in range(len(words))]
        numbers = tuple(self.number(form) for form in forms)
        if len(self) >= MAX_CHUNKS:
            raise LexiconFullError
        if len(chunk) <= LONGEST_CHUNK:
            self[chunk] = numbers
        return numbers

    def sentence(self, text: str) -> list[int]:
        """Return the numbers of a sentence the plain way."""
        return [self.number(r.form) for r in readings(text, self._common)]

    def number(self, form: str) -> int:
        """Return the number of a form; a new one gets its row of weights first."""
        known = self._forms.get(form)
        if known is not None:
            return known
        with self._lock:
            known = self._forms.get(form)
            if known is None:
                known = len(self._forms) + 1
                if known >= len(self.weights):
                    raise LexiconFullError
                self.weights[known] = self._weigh(form)
                self._forms[form] = known
        return known

    def _form(self, words: Sequence[str], at: int) -> str:
        name = find_name(words[at : at + 1], 0)
        return f"<{name.kind}>" if name is not None else form_of(words[at], self._common)


def _joins(words: Sequence[str]) -> bool:
    """Tell whether a chunk of several words holds a name of several words."""
    found = (find_name(words, at) for at in range(len(words)))
    return any(name is not None and len(name.words) > 1 for name in found)
