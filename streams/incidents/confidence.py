"""How sure it is that what an incident tells is so, from who reports it and how.

Each independent source counts once, with the weight of its best report; the confidence is

    1 - product over the sources of (1 - weight)

as if each were wrong by itself ("noisy or", Pearl, Probabilistic Reasoning, 1988, 4.3.2). A plain
report weighs 0.5, so that one source gives 0.5, two 0.75 and three 0.88; one that says itself that
it is unconfirmed, or that names no source, weighs 0.2; opinion 0.1. Syndicated text adds nothing,
whoever prints it. An analyst's verdict overrules the sources. The probability of the classifier is
another thing, and each cue has its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.incidents.state import Incident
    from streams.records import Signal

PLAIN = 0.5
HEDGED = 0.2
OPINION = 0.1
HIGHEST = 0.99
CONFIRMED = 0.99
DISMISSED = 0.0

_REGISTER = r"opinions?|editorials?|op-?ed|commentary|comment|analysis|columns?|viewpoint|letters?"
_OPINION_HEADLINE = re.compile(rf"^\W*(?:{_REGISTER})\s*[:|\u2013\u2014-]", re.IGNORECASE)
_OPINION_PATH = re.compile(rf"/(?:{_REGISTER}|commentisfree|blogs?)(?:/|$)", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:unconfirmed|unverified|reportedly|allegedly|rumou?red|rumou?rs?"
    r"|anonymous(?:ly)?|on condition of anonymity|could not be (?:independently )?verified"
    r"|on social media|social media (?:posts?|reports?|users?))\b",
    re.IGNORECASE,
)


def report_weight(signal: Signal, sentences: Sequence[str], domain: str | None) -> float:
    """Return what one report weighs.

    Parameters
    ----------
    signal
        The scored item.
    sentences
        Its headline and evidence.
    domain
        Its source, None when it names none.
    """
    path = _path(signal.url or "")
    if _OPINION_HEADLINE.search(signal.title) or _OPINION_PATH.search(path):
        return OPINION
    if domain is None or any(_HEDGE.search(sentence) for sentence in sentences):
        return HEDGED
    return PLAIN


def confidence(incident: Incident) -> float:
    """Return the confidence in an incident, 0 to 1, to two decimals."""
    if incident.verdict == "confirmed":
        return CONFIRMED
    if incident.verdict == "dismissed":
        return DISMISSED
    return round(min(HIGHEST, 1.0 - incident.doubt), 2)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
