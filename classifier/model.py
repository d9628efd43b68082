"""The model: items in, assessments out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from classifier import bundle
from classifier.combine import Combination
from classifier.explain import Explainer, quiet, unsupported
from classifier.layout import look
from classifier.linear import LinearJudge
from classifier.modality import ModalityJudge
from classifier.ontology import LABELS
from classifier.screen import Screen
from classifier.text import read
from classifier.text.language import SUPPORTED, language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.types import Assessment, Item


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
    """Scores news items for escalation cues; picklable, safe to share among threads.

    Parameters
    ----------
    loaded
        A verified bundle.
    """

    def __init__(self, loaded: bundle.Bundle) -> None:
        self._loaded = loaded
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
        self._judge = LinearJudge.of(state)
        self._combination = Combination(state["views"], state["scale"], state["sentence_scale"])
        self._screen = Screen(np.array([self.info.floors[label] for label in LABELS]))
        modality = ModalityJudge.of(state["modality"], self._judge.words.common)
        self._explain = Explainer(self._judge, self.info.floors, modality)

    def __reduce__(self) -> tuple[type[EscalationModel], tuple[bundle.Bundle]]:
        """Pickle the bundle, not the tables made from it (nor their lock)."""
        return EscalationModel, (self._loaded,)

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
        known = [at for at, tongue in enumerate(tongues) if tongue in SUPPORTED]
        joined, seen, layout = look(self._judge, [documents[at] for at in known])
        chances = expit(self._combination.item_logits(seen))
        passes = self._screen.passes(chances).tolist()
        rows = chances.tolist()
        found: list[Assessment | None] = [None] * len(items)
        for at, row, passed, start in zip(known, rows, passes, layout.starts, strict=True):
            item, document = items[at], documents[at]
            if passed and document.pieces:
                own = self._combination.sentence_probabilities(
                    joined[start : start + len(document.pieces)]
                )
                found[at] = self._explain(item, document, tongues[at], row, own)
            else:
                found[at] = quiet(item.id, document.text, tongues[at], row)
        return [
            result or unsupported(items[at].id, documents[at].text, tongues[at])
            for at, result in enumerate(found)
        ]


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
