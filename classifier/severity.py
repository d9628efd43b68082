"""How bad is it? PLOVER score times probability, on one documented scale.

The severity score of an item is the largest of ``-plover score x probability`` over the
cues above their floor, plus a tenth of each further one (a crisis has more than one step),
at most 10. So 9.5 is a certain armed attack, 3 a likely threat. 0 is "no cue".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier.types import Severity

THRESHOLDS: Final[tuple[tuple[float, Severity], ...]] = (
    (8.5, "critical"),
    (6.0, "high"),
    (4.0, "medium"),
    (1.5, "low"),
    (0.0, "info"),
)
"""Lowest severity score of each word. The one table: documents are made from it."""

SHARE_OF_FURTHER: Final = 0.1
HIGHEST: Final = 10.0


def severity_score(weighed: Iterable[tuple[float, float]]) -> float:
    """Combine ``(plover score, probability)`` pairs; positive scores count as nothing."""
    parts = sorted((max(0.0, -score) * chance for score, chance in weighed), reverse=True)
    if not parts:
        return 0.0
    return min(HIGHEST, parts[0] + SHARE_OF_FURTHER * sum(parts[1:]))


def severity_word(score: float) -> Severity:
    """Return the word for a severity score."""
    return next(word for least, word in THRESHOLDS if score >= least)
