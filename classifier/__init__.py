"""Escalation cues in news text: right, calibrated, explained, fast.

>>> import classifier
>>> model = classifier.load()                                      # doctest: +SKIP
>>> model.assess([classifier.Item("1", "Troops mass on border")])  # doctest: +SKIP

Inference needs only this module; :mod:`classifier.training`, :mod:`classifier.evaluation`
and :mod:`classifier.corpus` are for those who make models.
"""

from __future__ import annotations

from classifier.acceptance import accept, promote
from classifier.bundle import default_bundle_path, read_manifest
from classifier.errors import BundleError, CorpusError
from classifier.model import EscalationModel, ModelInfo, load
from classifier.names import state_codes
from classifier.naming import Word, read_words
from classifier.ontology import CUES, DE_ESCALATION, LABELS
from classifier.severity import severity_word
from classifier.types import Actor, Assessment, Cue, Evidence, Item, Severity, Term

__all__ = [
    "CUES",
    "DE_ESCALATION",
    "LABELS",
    "Actor",
    "Assessment",
    "BundleError",
    "CorpusError",
    "Cue",
    "EscalationModel",
    "Evidence",
    "Item",
    "ModelInfo",
    "Severity",
    "Term",
    "Word",
    "accept",
    "default_bundle_path",
    "load",
    "promote",
    "read_manifest",
    "read_words",
    "severity_word",
    "state_codes",
]
