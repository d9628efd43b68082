"""What goes into the classifier and what comes out: small frozen records.

They are plain data (picklable, hashable where their parts are) so that a caller can send
them between processes or turn them into any wire format without knowing a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Modality = Literal["occurred", "threatened", "warned", "demanded", "denied", "offered", "expected"]
Severity = Literal["info", "low", "medium", "high", "critical"]
Role = Literal["source", "target", "mentioned"]


@dataclass(frozen=True, slots=True)
class Item:
    """One news item as it came: nothing is cleaned yet.

    Parameters
    ----------
    id
        The caller's name for the item; returned unchanged.
    title
        Headline; may hold HTML.
    text
        Body; may hold HTML, boilerplate, mojibake.
    language
        ISO 639-1 code when the sender says it; ``None`` means "find out".
    """

    id: str
    title: str = ""
    text: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the sentence and what it added to the log-odds of the cue.

    Parameters
    ----------
    text
        The words as a reader knows them, with a note when they were read under a negation
        or in a register (``"strike (sport)"``).
    weight
        Its share of the sentence's log-odds, in nats; negative terms argue against.
    by
        How the share was found: ``linear`` is exact, for the linear judge; ``occlusion`` is
        what the encoder's log-odds lose when the word is left out.
    """

    text: str
    weight: float
    by: Literal["linear", "occlusion"] = "linear"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that speaks for a cue.

    Parameters
    ----------
    text
        The sentence, ``assessment.text[start:end]``.
    start, end
        Offsets in code points into the cleaned text of the assessment.
    probability
        Calibrated probability of the cue for this sentence alone.
    terms
        What weighed most, strongest first.
    """

    text: str
    start: int
    end: int
    probability: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue that is over its floor.

    Parameters
    ----------
    cue
        Label, one of :data:`classifier.ontology.LABELS`.
    probability
        Calibrated probability that the item reports the cue.
    modality
        How it is reported: done, threatened, warned of, demanded; offered or expected
        for ``de_escalation``.
    plover
        Root of the PLOVER event ontology under that modality.
    severity
        PLOVER conflict-cooperation score under that modality, -10 (war) to +10.
    evidence
        The sentences behind it, strongest first.
    """

    cue: str
    probability: float
    modality: Modality
    plover: str
    severity: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, bloc or organisation named in the item.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-3 for states, else a code of :data:`classifier.actors.ORGANISATIONS`.
    name
        Usual English name.
    role
        ``source`` acts, ``target`` is acted on, ``mentioned`` is neither.
    """

    code: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the classifier says about one item.

    Parameters
    ----------
    id
        The item's.
    text
        Cleaned text (title first) to which all offsets refer.
    language
        ISO 639-1 code given or found; ``"und"`` when the text is too short or has none.
    supported
        False when the language is not English: then nothing was scored, all scores are 0.
    score
        Highest of ``scores`` without ``de_escalation``.
    scores
        Label -> calibrated probability, all ten labels.
    alert
        True when any cue other than ``de_escalation`` is over its floor.
    severity
        Word for ``severity_score`` (see :mod:`classifier.severity`).
    severity_score
        0 (nothing) to 10 (war), see :mod:`classifier.severity`.
    cues
        Those over their floor, strongest first.
    actors
        Sources first, then targets, then the others in order of mention.
    """

    id: str
    text: str
    language: str
    supported: bool
    score: float
    scores: Mapping[str, float]
    alert: bool
    severity: Severity
    severity_score: float
    cues: tuple[Cue, ...]
    actors: tuple[Actor, ...]
