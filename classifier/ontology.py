"""The ten labels, their PLOVER roots and severity scores.

Roots and scores follow the PLOVER event ontology (Halterman, Bagozzi, Beger, Schrodt and
Scarborough, "PLOVER and POLECAT", ISA 2023), on its conflict-cooperation scale from -10 to
+10 that continues Goldstein's (Journal of Conflict Resolution 36, 1992). The table is that
of ``corpus/CODEBOOK.md``; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from classifier.types import Modality


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the codebook.

    Parameters
    ----------
    name
        As written in the corpus and on the wire.
    root
        PLOVER root of the act when it occurred.
    score
        PLOVER score of the act when it occurred, -10 to +10.
    said_score
        Score when the act is only threatened, warned of, demanded, offered or expected.
    words
        The cue in plain words, for people.
    """

    name: str
    root: str
    score: float
    said_score: float
    words: str


DE_ESCALATION: Final = "de_escalation"

_TABLE: Final = (
    Label("sanctions", "SANCTION", -6.0, -3.5, "sanctions"),
    Label("military_buildup", "MOBILIZE", -6.5, -4.0, "military build-up"),
    Label("invasion_warning", "THREATEN", -6.5, -4.0, "warning of attack"),
    Label("threat_of_force", "THREATEN", -4.0, -3.5, "threat of force"),
    Label("diplomatic_rupture", "SANCTION", -6.0, -3.5, "diplomatic rupture"),
    Label("armed_clash", "ASSAULT", -9.5, -4.0, "armed clash"),
    Label("nuclear_missile", "MOBILIZE", -6.5, -4.0, "nuclear or missile step"),
    Label("hybrid_attack", "ASSAULT", -8.0, -4.0, "hybrid attack"),
    Label("blockade", "COERCE", -7.5, -4.0, "blockade"),
    Label(DE_ESCALATION, "RETREAT", 8.0, 4.5, "de-escalation"),
)

ONTOLOGY: Final = {label.name: label for label in _TABLE}
LABELS: Final = tuple(ONTOLOGY)
CUES: Final = tuple(name for name in LABELS if name != DE_ESCALATION)
CUE_MODALITIES: Final[tuple[Modality, ...]] = ("occurred", "threatened", "warned", "demanded")
DE_ESCALATION_MODALITIES: Final[tuple[Modality, ...]] = ("occurred", "offered", "expected")


def modalities(label: str) -> tuple[Modality, ...]:
    """Return the modality words that the codebook allows for ``label``."""
    return DE_ESCALATION_MODALITIES if label == DE_ESCALATION else CUE_MODALITIES


def plover(label: str, modality: Modality) -> tuple[str, float]:
    """Return PLOVER root and score of a cue under a modality.

    An act that is threatened, warned of or demanded is THREATEN whatever the act; an offer
    of peace is CONCEDE, a forecast of it AGREE.

    Raises
    ------
    KeyError
        If ``label`` is none of :data:`LABELS`.
    """
    entry = ONTOLOGY[label]
    if modality == "occurred":
        return entry.root, entry.score
    if modality == "denied":
        return entry.root, 0.0
    if label == DE_ESCALATION:
        return ("CONCEDE" if modality == "offered" else "AGREE"), entry.said_score
    return "THREATEN", entry.said_score
