"""Exchange the states in a text: who is named must not decide."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from classifier.names import STATE_KINDS, Name, names
from classifier.types import Item

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from classifier.behaviour import Assessor


def swapped(text: str, dice: random.Random) -> str:
    """Return ``text`` with every state, people and capital replaced by another state's."""
    pattern, by_alias, replacements = _tables()
    codes = sorted({name.code for name in by_alias.values()})
    shuffled = codes[:]
    dice.shuffle(shuffled)
    other = dict(zip(codes, shuffled, strict=True))

    def replacement(match: re.Match[str]) -> str:
        name = by_alias[match[0]]
        return replacements.get((other[name.code], name.kind), match[0])

    return pattern.sub(replacement, text)


def changes(model: Assessor, texts: Sequence[str], dice: random.Random) -> npt.NDArray[np.float64]:
    """Return the highest change of any label's probability when states are exchanged.

    Parameters
    ----------
    model
        The model.
    texts
        Those that name no state are left out.
    dice
        Chooses the other states.

    Returns
    -------
    ndarray
        One for each text that names a state.
    """
    pairs = [(text, swapped(text, dice)) for text in texts]
    pairs = [(text, other) for text, other in pairs if text != other]
    before, after = (
        np.array(
            [list(a.scores.values()) for a in model.assess([_item(pair[k]) for pair in pairs])]
        )
        for k in (0, 1)
    )
    return np.asarray(np.abs(before - after).max(axis=1)) if pairs else np.empty(0)


def _item(text: str) -> Item:
    return Item("", "", text, "en")


@functools.cache
def _tables() -> tuple[re.Pattern[str], dict[str, Name], dict[tuple[str, str], str]]:
    """Return a pattern for all names of states, whose they are, and one word for each."""
    states = sorted((n for n in names() if n.kind in STATE_KINDS), key=lambda n: -len(n.words))
    by_alias = {" ".join(name.words): name for name in reversed(states)}
    longest_first = sorted(by_alias, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
    first: dict[tuple[str, str], str] = {}
    for name in names():
        if name.kind in STATE_KINDS and len(name.words) == 1:
            first.setdefault((name.code, name.kind), name.words[0])
    return pattern, by_alias, first
