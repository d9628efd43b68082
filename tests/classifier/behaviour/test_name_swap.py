"""Who is named must not decide: other states in the same text give the same cues."""

from __future__ import annotations

import random
import re

import numpy as np

from classifier import EscalationModel, Item
from classifier.corpus import load_corpus
from classifier.names import STATE_KINDS, Name, names

SMALL = 0.05
SHARE = 0.95
TEXTS = 600
_ALIASES = sorted(
    (n for n in names() if n.kind in STATE_KINDS), key=lambda n: -len(" ".join(n.words))
)
_NAMES = {" ".join(name.words): name for name in reversed(_ALIASES)}
_PATTERN = re.compile(
    r"\b(?:"
    + "|".join(re.escape(alias) for alias in sorted(_NAMES, key=len, reverse=True))
    + r")\b"
)


def swapped(text: str, dice: random.Random) -> str:
    """Return ``text`` with every state, people and capital replaced by another state's."""
    codes = sorted({name.code for name in _NAMES.values()})
    shuffled = codes[:]
    dice.shuffle(shuffled)
    other = dict(zip(codes, shuffled, strict=True))
    first: dict[tuple[str, str], Name] = {}
    for name in names():
        if name.kind in STATE_KINDS and len(name.words) == 1:
            first.setdefault((name.code, name.kind), name)

    def replacement(match: re.Match[str]) -> str:
        name = _NAMES[match[0]]
        new = first.get((other[name.code], name.kind))
        return match[0] if new is None else new.words[0]

    return _PATTERN.sub(replacement, text)


def test_exchanging_states_changes_no_cue(model: EscalationModel) -> None:
    """The highest change of any cue's probability stays below .05 on 95 % of texts."""
    dice = random.Random(7)
    texts = [p.text for e in load_corpus() if e.part == "test" for p in e.passages]
    pairs = [(text, swapped(text, dice)) for text in texts]
    pairs = [(text, other) for text, other in pairs if text != other][:TEXTS]
    assert len(pairs) == TEXTS
    before = _scores(model, [text for text, _ in pairs])
    after = _scores(model, [other for _, other in pairs])
    change = np.abs(before - after).max(axis=1)
    assert np.mean(change < SMALL) >= SHARE


def _scores(model: EscalationModel, texts: list[str]) -> np.ndarray:
    found = model.assess([Item("", "", text, "en") for text in texts])
    return np.array([list(assessment.scores.values()) for assessment in found])
