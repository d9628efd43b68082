"""How is a cue reported: done, threatened, warned of, demanded, offered, expected?

Rules over the words of the evidence sentence. They look for the governing verb, since it
decides: "threatens to", "warned that", "called for", "offered to".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from classifier.ontology import DE_ESCALATION

if TYPE_CHECKING:
    from classifier.types import Modality

_DENIED: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|dismiss(?:es|ed)? (?:reports|claims|talk)|no plans? (?:to|for)|"
    r"ruled? out|refut(?:es|ed)|untrue|(?:did|has|have|had|was|were|is|are|will|would) not|"
    r"never|won't|hasn't|didn't|wasn't)\b",
    re.IGNORECASE,
)
_DEMANDED: Final = re.compile(
    r"\b(?:call(?:s|ed|ing)? (?:for|on)|urg(?:e|es|ed|ing)|demand(?:s|ed|ing)?|appeal(?:s|ed)?|"
    r"press(?:es|ed)? for|plead(?:s|ed)?|ask(?:s|ed)? (?:for|the)|want(?:s|ed)?|lobb(?:y|ies|ied)|"
    r"petition(?:s|ed)?|insist(?:s|ed)? on|propos(?:e|es|ed))\b",
    re.IGNORECASE,
)
_THREATENED: Final = re.compile(
    r"\b(?:threat(?:s|en|ens|ened|ening)?|vow(?:s|ed)?|ultimatum|or (?:else|face)|will|would|"
    r"shall|pledg(?:e|es|ed) to|promis(?:e|es|ed) to|swears?|swore|prepared to|ready to|"
    r"unless|until|deadline|if)\b|'ll\b",
    re.IGNORECASE,
)
_WARNED: Final = re.compile(
    r"\b(?:warn(?:s|ed|ing|ings)?|fear(?:s|ed|ing)?|could|may|might|risk(?:s|ed)?|brac(?:e|es|ed|"
    r"ing)|alleg(?:e|es|ed|edly)|suspect(?:s|ed)?|accus(?:e|es|ed|ing)|consider(?:s|ed|ing)?|"
    r"weigh(?:s|ed|ing)?|discuss(?:es|ed)?|looms?|looming|possib(?:le|ility|ly)|prepar(?:e|es|"
    r"ing)|plott?(?:ed|ing)?|intelligence|imminent|expect(?:s|ed)?|concern(?:s|ed)?|worr(?:y|ies|"
    r"ied)|said to|believed to|mull(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_OFFERED: Final = re.compile(
    r"\b(?:offer(?:s|ed|ing)?|propos(?:e|es|ed|al)|ready (?:to|for)|willing(?:ness)?|prepared to|"
    r"open to|would (?:agree|accept|consider|halt|stop|withdraw|free|release)|invit(?:e|es|ed)|"
    r"suggest(?:s|ed)?|signal(?:s|led)?)\b",
    re.IGNORECASE,
)
_EXPECTED: Final = re.compile(
    r"\b(?:expect(?:s|ed)?|hop(?:e|es|ed|eful)|due (?:to|for|on)|schedul(?:e|ed)|likely|could|may|"
    r"might|will|plan(?:s|ned)? to|set (?:to|for)|soon|next (?:week|month)|predict(?:s|ed)?)\b",
    re.IGNORECASE,
)
_ALWAYS_SAID: Final = {"threat_of_force": "threatened", "invasion_warning": "warned"}


def modality(cue: str, sentence: str) -> Modality:
    """Return how ``sentence`` reports ``cue``.

    ``denied`` is returned when the cue's words stand under a denial; the corpus has no such
    label, since a denied act is no cue, but a sentence may hold both.
    """
    if _DENIED.search(sentence) and cue not in _ALWAYS_SAID:
        return "denied"
    if cue == DE_ESCALATION:
        return _first(sentence, ((_OFFERED, "offered"), (_EXPECTED, "expected")))
    if cue == "threat_of_force":
        return "threatened"
    if cue == "invasion_warning":
        return "warned"
    return _first(
        sentence, ((_DEMANDED, "demanded"), (_WARNED, "warned"), (_THREATENED, "threatened"))
    )


def _first(sentence: str, rules: tuple[tuple[re.Pattern[str], Modality], ...]) -> Modality:
    return next((word for rule, word in rules if rule.search(sentence)), "occurred")
