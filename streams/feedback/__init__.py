"""An analyst's verdict, from its record to what it teaches.

verdicts.py reads it, effect.py says what it does to its incident (the incidents stage applies it),
and labelled.py what it teaches the model. `escalation feedback` gives and exports verdicts.
"""

from streams.feedback.effect import Dismissed, Effect, effect_of, mutes
from streams.feedback.labelled import Labelled, labelled
from streams.feedback.verdicts import feedback_message, read_feedback

__all__ = [
    "Dismissed",
    "Effect",
    "Labelled",
    "effect_of",
    "feedback_message",
    "labelled",
    "mutes",
    "read_feedback",
]
