"""The model: items in, assessments out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

from classifier import bundle
from classifier.actors import find_actors
from classifier.features import Analyzer
from classifier.modality import modality
from classifier.ontology import CUES, DE_ESCALATION, LABELS, plover
from classifier.severity import severity_score, severity_word
from classifier.text import Document, Sentence, read
from classifier.text.language import ENGLISH, UNKNOWN, language
from classifier.types import Assessment, Cue, Evidence, Item, Term


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a reader of a score wants to know of the model behind it."""

    version: str
    digest: str
    trained: str
    labels: tuple[str, ...]
    floors: Mapping[str, float]
    budget: float
    corpus_digest: str
    metrics: Mapping[str, Any]


class EscalationModel:
    """Scores news items for escalation cues; safe to share among threads."""

    def __init__(self, loaded: bundle.Bundle) -> None:
        state, manifest = loaded.state, loaded.manifest
        self.info = ModelInfo(
            version=manifest["version"],
            digest=manifest["digest"],
            trained=manifest["trained"],
            labels=LABELS,
            floors=manifest["floors"],
            budget=manifest["budget"],
            corpus_digest=manifest["corpus"]["digest"],
            metrics=manifest.get("metrics", {}),
        )
        self._analyze = Analyzer(frozenset(state["common"]))
        self._index = {name: at for at, name in enumerate(state["vocabulary"])}
        self._coef = state["coef"]
        self._intercept = state["intercept"]
        self._scale = state["scale"]

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Score items.

        Parameters
        ----------
        items
            Any number; order is kept.

        Returns
        -------
        list of Assessment
            One for each item.

        Raises
        ------
        ValueError
            If an item's title or text is no string.
        """
        documents = [read(item) for item in items]
        tongues = [language(d.text, i.language) for d, i in zip(documents, items, strict=True)]
        spoken = [tongue in {ENGLISH, UNKNOWN} for tongue in tongues]
        texts: list[str] = []
        for document, known in zip(documents, spoken, strict=True):
            if known:
                texts += [s.text for s in document.sentences] + [_block(document)]
        chances = self._probabilities(texts)
        found, at = [], 0
        for item, document, tongue, known in zip(items, documents, tongues, spoken, strict=True):
            size = len(document.sentences) + 1 if known else 0
            found.append(self._assessment(item, document, tongue, chances[at : at + size]))
            at += size
        return found

    def _probabilities(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
        columns: list[int] = []
        starts = [0]
        for text in texts:
            get = self._index.get
            columns += [c for c in map(get, self._analyze(text)) if c is not None]
            starts.append(len(columns))
        shape = (len(texts), len(self._index))
        counts = csr_array((np.ones(len(columns)), columns, starts), shape=shape)
        logits = counts @ self._coef + self._intercept
        return np.asarray(expit(logits * self._scale[:, 0] + self._scale[:, 1]))

    def _assessment(
        self, item: Item, document: Document, tongue: str, chances: np.ndarray[Any, Any]
    ) -> Assessment:
        supported = len(chances) > 0
        best = chances.max(axis=0) if supported else np.zeros(len(LABELS))
        scores = {label: float(best[at]) for at, label in enumerate(LABELS)}
        cues = tuple(
            self._cue(at, scores[label], document, chances[:-1, at])
            for at, label in enumerate(LABELS)
            if scores[label] >= self.info.floors[label] and document.sentences and supported
        )
        cues = tuple(sorted(cues, key=lambda cue: -cue.probability))
        level = severity_score((cue.severity, cue.probability) for cue in cues)
        evidence = [e.text for cue in cues for e in cue.evidence]
        lead = [s.text for s in document.sentences[:3]] if supported else []
        return Assessment(
            id=item.id,
            text=document.text,
            language=tongue,
            supported=supported,
            score=max(scores[cue] for cue in CUES),
            scores=scores,
            alert=any(cue.cue != DE_ESCALATION for cue in cues),
            severity=severity_word(level),
            severity_score=level,
            cues=cues,
            actors=find_actors(evidence, lead),
        )

    def _cue(self, at: int, chance: float, document: Document, by_sentence: Any) -> Cue:  # noqa: ANN401
        label = LABELS[at]
        order = np.argsort(-by_sentence, kind="stable")[:3]
        floor = self.info.floors[label]
        chosen = [k for k in order if by_sentence[k] >= floor] or [order[0]]
        evidence = tuple(
            self._evidence(at, document.sentences[k], float(by_sentence[k])) for k in chosen
        )
        mode = modality(label, evidence[0].text)
        root, score = plover(label, mode)
        return Cue(label, chance, mode, root, score, evidence)

    def _evidence(self, at: int, sentence: Sentence, chance: float) -> Evidence:
        weights: dict[str, float] = {}
        for feature in self._analyze(sentence.text):
            column = self._index.get(feature)
            if column is not None and not feature.startswith("~"):
                weights[feature] = weights.get(feature, 0.0) + float(self._coef[column, at])
        order = sorted(weights, key=lambda name: -abs(weights[name]))[:6]
        terms = tuple(Term(name, weights[name]) for name in order)
        return Evidence(sentence.text, sentence.start, sentence.end, chance, terms)


def _block(document: Document) -> str:
    return " ".join(s.text for s in document.sentences[: document.title + 1])


def load(path: Path | str | None = None, digest: str | None = None) -> EscalationModel:
    """Load a verified model.

    Parameters
    ----------
    path
        Directory of the bundle; default :func:`classifier.default_bundle_path`.
    digest
        Pin: any other bundle is refused.

    Raises
    ------
    classifier.BundleError
        If the bundle is missing, altered, pinned otherwise, or of other versions.
    """
    where = bundle.default_bundle_path() if path is None else Path(path)
    return EscalationModel(bundle.load(where, digest))
