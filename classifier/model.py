"""The model: items in, assessments out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from classifier import bundle
from classifier.combine import Combination, Floats
from classifier.encoder.second import second
from classifier.explain import Explainer, quiet, unsupported, with_words
from classifier.features import read_sentence
from classifier.judges import ENCODER, judged_by
from classifier.layout import look
from classifier.linear import LinearJudge
from classifier.modality import ModalityJudge
from classifier.ontology import LABELS
from classifier.reference import read_reference
from classifier.screen import Screen
from classifier.text import read
from classifier.text.language import SUPPORTED, language
from classifier.text.sentences import pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.text import Document
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
    judge: str = "linear"
    """``linear``, or ``encoder`` for the linear judge and the encoder stacked."""
    reference: Mapping[str, list[float]] | None = None
    """What scores look like on held-out text, see :mod:`classifier.reference`."""


class EscalationModel:
    """Scores news items for escalation cues; picklable, safe to share among threads.

    Parameters
    ----------
    loaded
        A verified bundle.
    judge
        ``linear`` leaves the encoder of a bundle aside, which is faster; by default the
        bundle's own.

    Raises
    ------
    classifier.BundleError
        If the bundle has no such judge, or what runs its encoder is not installed.
    """

    def __init__(self, loaded: bundle.Bundle, judge: str | None = None) -> None:
        state, manifest = loaded.state, judged_by(loaded.manifest, judge)
        if manifest["judge"] != ENCODER:
            # An encoder that nobody asks is 23 MB of every process.
            state = {name: part for name, part in state.items() if name != "encoder"}
        self.info = ModelInfo(
            version=manifest["version"],
            digest=manifest["digest"],
            trained=manifest["trained"],
            labels=LABELS,
            floors=manifest["floors"],
            budget=manifest["budget"],
            corpus_digest=manifest["corpus"]["digest"],
            metrics=manifest.get("metrics", {}),
            judge=manifest["judge"],
            reference=read_reference(manifest),
        )
        self._judge = LinearJudge.of(state)
        self._made_from = (replace(loaded, state={**state, **self._judge.held}), judge)
        self._combination = Combination(state["views"], state["scale"], state["sentence_scale"])
        floors = np.array([self.info.floors[label] for label in LABELS])
        self._screen = Screen.of(manifest)
        stacked = manifest["judge"] == ENCODER
        self._second = second(state["encoder"], floors) if stacked else None
        modality = ModalityJudge.of(state["modality"], self._judge.words.common)
        self._explain = Explainer(self._judge, self.info.floors, modality)

    def __reduce__(self) -> tuple[type[EscalationModel], tuple[bundle.Bundle, str | None]]:
        """Pickle the bundle, not the tables made from it (nor their lock)."""
        return EscalationModel, self._made_from

    def assess(self, items: Sequence[Item], *, occlusion: bool = False) -> list[Assessment]:
        """Score items.

        Parameters
        ----------
        items
            Any number; order is kept.
        occlusion
            Add to the first evidence of each alert the words that the encoder went by, found
            by leaving out each in turn; it takes a run of the encoder for every word.

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
        chances, each = self._judged([documents[at] for at in known])
        found: list[Assessment | None] = [None] * len(items)
        for number, (at, row) in enumerate(zip(known, chances.tolist(), strict=True)):
            item, document, own = items[at], documents[at], each.get(number)
            if own is None:
                found[at] = quiet(item.id, document.text, tongues[at], row)
                continue
            one = self._explain(item, document, tongues[at], row, own)
            if occlusion and self._second is not None and one.alert:
                one = with_words(one, self._second.attribute)
            found[at] = one
        return [
            result or unsupported(items[at].id, documents[at].text, tongues[at])
            for at, result in enumerate(found)
        ]

    def unknown_words(self, text: str) -> float:
        """Return the share of a cleaned text's words that training never saw, 0 to 1.

        Names are masked first, as for scoring, so that a new name is no unknown word.
        """
        words = self._judge.words
        forms = [
            reading.form
            for sentence in pieces(text)
            for chunk in read_sentence(sentence, words.common)
            for reading in chunk
        ]
        return sum(not words.is_known(form) for form in forms) / max(1, len(forms))

    def _judged(self, documents: Sequence[Document]) -> tuple[Floats, dict[int, Floats]]:
        """Return the items' probabilities, and the sentences' of those that can be reported."""
        linear = look(self._judge, documents)
        joined, seen, layout = linear
        chances = expit(self._combination.item_logits(seen))
        words = np.array([bool(document.pieces) for document in documents], dtype=bool)
        passes = self._screen.passes(chances, layout.short) & words
        if self._second is not None:
            return self._second.judge(documents, linear, chances, passes)
        starts, sizes = layout.starts, [len(document.pieces) for document in documents]
        return chances, {
            at: self._combination.sentence_probabilities(
                joined[starts[at] : starts[at] + sizes[at]]
            )
            for at in np.flatnonzero(passes).tolist()
        }


def load(
    path: Path | str | None = None, digest: str | None = None, judge: str | None = None
) -> EscalationModel:
    """Load a verified model.

    Parameters
    ----------
    path
        Directory of the bundle; default :func:`classifier.default_bundle_path`.
    digest
        Pin: any other bundle is refused.
    judge
        ``linear`` leaves a bundle's encoder aside.

    Raises
    ------
    classifier.BundleError
        If the bundle is missing, altered, pinned otherwise, or of other versions.
    """
    where = bundle.default_bundle_path() if path is None else Path(path)
    return EscalationModel(bundle.load(where, digest), judge)
