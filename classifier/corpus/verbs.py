"""Count how many different acts the corpus names for each cue.

A simple count, made to show poverty and not to parse: the *head* of a text is its verb
stem that speaks most for the cue, by the smoothed log-odds of occurring in texts with the
cue against texts without. A stem counts as that of a verb when the corpus also has its
``-ing`` form; heads of at least two texts are counted.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from classifier.ontology import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from classifier.corpus.records import Example, Passage

_WORD: Final = re.compile(r"[a-z]{3,}")
_ENDINGS: Final = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ions",
    "ion",
    "ments",
    "ment",
    "ers",
    "er",
    "es",
    "ed",
    "s",
    "e",
)
_LEAST: Final = 3
_TWICE: Final = 2


def stem(word: str) -> str:
    """Return a word less the first ending that leaves at least three letters."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word[: -len(ending)]
    return word


def head_verbs(corpus: Iterable[Example]) -> Mapping[str, int]:
    """Return the number of heads for each label."""
    passages = [passage for example in corpus for passage in example.passages]
    words = [_WORD.findall(passage.text.lower()) for passage in passages]
    verbs = {stem(w) for found in words for w in found if w.endswith("ing")}
    stems = [{s for w in found if (s := stem(w)) in verbs} for found in words]
    totals = Counter(s for found in stems for s in found)
    return {label: _heads(label, passages, stems, totals) for label in LABELS}


def _heads(label: str, passages: list[Passage], stems: list[set[str]], totals: Counter[str]) -> int:
    chosen = [found for p, found in zip(passages, stems, strict=True) if label in p.labels]
    inside = Counter(s for found in chosen for s in found)
    n_in, n_out = len(chosen), len(passages) - len(chosen)

    def odds(name: str) -> float:
        with_it, without = inside[name], totals[name] - inside[name]
        return math.log((with_it + 0.5) / (n_in + 1)) - math.log((without + 0.5) / (n_out + 1))

    heads = Counter(max(found, key=lambda s: (odds(s), s)) for found in chosen if found)
    return sum(count >= _TWICE for count in heads.values())
