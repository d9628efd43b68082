"""Which words the encoder went by: leave each out in turn and see what the log-odds lose.

This is attribution by occlusion (Zeiler and Fergus, 2014; for words Li, Monroe and Jurafsky,
"Understanding Neural Networks through Representation Erasure", 2016). It is no exact
decomposition like the linear judge's terms: what two words do together is in both or neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from classifier.combine import joint
from classifier.types import Term

if TYPE_CHECKING:
    from classifier.encoder.judge import EncoderJudge

MOST_WORDS: Final = 48
STRONGEST: Final = 5
LEAST: Final = 0.05
"""Nats below which a word is not worth showing."""


def occlude(encoder: EncoderJudge, sentence: str, label: int, weight: float) -> tuple[Term, ...]:
    """Return the words that the encoder's log-odds of a label lose most without.

    Parameters
    ----------
    encoder
        Reads the sentence once whole and once without each of its first
        :data:`MOST_WORDS` words, in one go.
    sentence, label
        What was judged, and the label's number.
    weight
        The encoder's share, to give shares of the joint log-odds, in nats.
    """
    words = sentence.split()
    shorter = [" ".join(words[:at] + words[at + 1 :]) for at in range(min(len(words), MOST_WORDS))]
    whole, *others = joint(encoder.logits([sentence, *shorter]))[:, label].tolist()
    terms = [
        Term(word.strip(".,;:!?\"'()"), (whole - other) * weight, "occlusion")
        for word, other in zip(words, others, strict=False)
    ]
    strong = [term for term in terms if abs(term.weight) >= LEAST and term.text]
    return tuple(sorted(strong, key=lambda term: -abs(term.weight))[:STRONGEST])
