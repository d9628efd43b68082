"""How bad is it? PLOVER score times probability, on one documented scale from 0 to 10.

Each reported cue counts ``-plover score x probability x reach``. The PLOVER score knows the
act and its modality (see :mod:`classifier.ontology`); *reach* is what the act alone does not
say: a clash, blockade or attack between states is worth its full score, one inside a state
or by nobody that is named a fifth less, and a nuclear or missile step, which threatens more
than those it is aimed at, a quarter more. The score of an item is the highest of these, plus
a tenth of each further one (a crisis has more than one step), at most 10. So an attack of
one army on another is critical, a rebels' ambush high, a nuclear test critical when it is
certain, a threat to strike low or medium, and 0 is "no cue".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from classifier.names import state_codes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier.types import Actor, Cue, Severity

THRESHOLDS: Final[tuple[tuple[float, Severity], ...]] = (
    (7.8, "critical"),
    (5.5, "high"),
    (3.2, "medium"),
    (1.5, "low"),
    (0.0, "info"),
)
"""Lowest severity score of each word. The one table: documents are made from it."""

BETWEEN_STATES: Final = frozenset({"armed_clash", "blockade", "hybrid_attack"})
"""Acts that weigh less unless two states are in it."""

WITHIN: Final = 0.8
BEYOND: Final = {"nuclear_missile": 1.25}
SHARE_OF_FURTHER: Final = 0.1
HIGHEST: Final = 10.0


def severity_score(cues: Iterable[Cue], actors: Iterable[Actor]) -> float:
    """Return the severity of the cues among the actors, 0 to 10.

    Cues with a PLOVER score above zero (de-escalation) count as nothing.
    """
    states = {a.code for a in actors if a.role != "mentioned" and a.code in state_codes()}
    between = len(states) > 1
    parts = sorted((_part(cue, between=between) for cue in cues), reverse=True)
    if not parts:
        return 0.0
    return min(HIGHEST, parts[0] + SHARE_OF_FURTHER * sum(parts[1:]))


def severity_word(score: float) -> Severity:
    """Return the word for a severity score."""
    return next(word for least, word in THRESHOLDS if score >= least)


def _part(cue: Cue, *, between: bool) -> float:
    reach = BEYOND.get(cue.cue, 1.0)
    if cue.cue in BETWEEN_STATES and not between:
        reach = WITHIN
    return max(0.0, -cue.severity) * cue.probability * reach
