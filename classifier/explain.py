"""Why: from log-odds to an assessment that a person can check."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from classifier.actors import find_actors
from classifier.ontology import CUES, DE_ESCALATION, LABELS, plover
from classifier.severity import severity_score, severity_word
from classifier.terms import Weighed
from classifier.terms import weigh as weigh_terms
from classifier.types import Assessment, Cue, Evidence, Item, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from classifier.linear import LinearJudge
    from classifier.modality import ModalityJudge
    from classifier.text import Document, Sentence

MAX_EVIDENCE = 3
SCOPE_OF_LEAD = 3

Floats = npt.NDArray[np.float64]


class Explainer:
    """Turns what passed the screen into assessments.

    Parameters
    ----------
    judge
        Gives the weights of terms.
    floors
        Of each label.
    modality
        Tells how a sentence reports a cue.
    """

    def __init__(
        self,
        judge: LinearJudge,
        floors: Mapping[str, float],
        modality: ModalityJudge,
    ) -> None:
        self._modality = modality
        self._judge = judge
        self._floors = floors

    def __call__(
        self, item: Item, document: Document, tongue: str, chances: Sequence[float], each: Floats
    ) -> Assessment:
        """Assess one item.

        Parameters
        ----------
        item, document, tongue
            The item, as it was read, and its language.
        chances
            Probability of each label for the item.
        each
            Probability of each label for its sentences, shape ``(n_sentences, n_labels)``.
        """
        sentences = document.sentences()
        # A sentence behind several cues is weighed once.
        weigh = functools.cache(lambda sentence: weigh_terms(sentence, self._judge))
        columns = each.T.tolist()
        cues = [
            self._cue(at, chances[at], sentences, columns[at], weigh)
            for at, label in enumerate(LABELS)
            if chances[at] >= self._floors[label]
        ]
        cues.sort(key=lambda cue: -cue.probability)
        spoken = dict.fromkeys(evidence.text for cue in cues for evidence in cue.evidence)
        lead = [sentence.text for sentence in sentences[:SCOPE_OF_LEAD]]
        actors = find_actors(spoken, lead)
        level = severity_score(cues, actors)
        scores = dict(zip(LABELS, chances, strict=True))
        return Assessment(
            id=item.id,
            text=document.text,
            language=tongue,
            supported=True,
            score=highest(scores),
            scores=scores,
            alert=any(cue.cue != DE_ESCALATION for cue in cues),
            severity=severity_word(level),
            severity_score=level,
            cues=tuple(cues),
            actors=actors,
        )

    def _cue(
        self,
        at: int,
        chance: float,
        sentences: Sequence[Sentence],
        each: Sequence[float],
        weigh: Callable[[str], Weighed],
    ) -> Cue:
        label = LABELS[at]
        # Of equal ones the first goes first.
        order = sorted(range(len(each)), key=each.__getitem__, reverse=True)[:MAX_EVIDENCE]
        chosen = [k for k in order if each[k] >= self._floors[label]] or order[:1]
        evidence = tuple(
            Evidence(
                text=sentences[k].text,
                start=sentences[k].start,
                end=sentences[k].end,
                probability=each[k],
                terms=weigh(sentences[k].text).strongest(at),
            )
            for k in chosen
        )
        mode = self._modality(label, evidence[0].text)
        root, score = plover(label, mode)
        return Cue(label, chance, mode, root, score, evidence)


def with_words(
    assessment: Assessment, attribute: Callable[[str, int], tuple[Term, ...]]
) -> Assessment:
    """Return an assessment whose first cue's first evidence has further terms.

    ``attribute`` gives them for a sentence and the number of a label.
    """
    first, *others = assessment.cues
    top, *rest = first.evidence
    more = attribute(top.text, LABELS.index(first.cue))
    top = replace(top, terms=(*top.terms, *more))
    return replace(assessment, cues=(replace(first, evidence=(top, *rest)), *others))


def highest(scores: Mapping[str, float]) -> float:
    """Return the highest probability of the nine cues."""
    return max(map(scores.__getitem__, CUES))


def quiet(name: str, text: str, tongue: str, chances: Sequence[float]) -> Assessment:
    """Return the assessment of an item that the screen dropped."""
    scores = dict(zip(LABELS, chances, strict=True))
    return Assessment(name, text, tongue, True, highest(scores), scores, False, "info", 0.0, (), ())


def unsupported(name: str, text: str, tongue: str) -> Assessment:
    """Return the assessment of an item in a language that the model does not know."""
    scores = dict.fromkeys(LABELS, 0.0)
    return Assessment(name, text, tongue, False, 0.0, scores, False, "info", 0.0, (), ())
