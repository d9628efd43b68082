"""Train a model from the corpus and write it as a bundle."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from classifier import bundle, canary, card, held_out
from classifier.combine import OUTPUTS, joint
from classifier.corpus import Example, corpus_digest
from classifier.encoder.making import Held, available, fit_screen, make
from classifier.fitting import as_seen, as_unit, fit_combination, floors, truth
from classifier.judges import ENCODER, LINEAR, Kind
from classifier.layout import lay_out, look
from classifier.learning import learn
from classifier.modality_fitting import fit_modality
from classifier.model import EscalationModel
from classifier.ontology import LABELS
from classifier.text import read
from classifier.text.language import ENGLISH
from classifier.types import Item

if TYPE_CHECKING:
    from classifier.linear import LinearJudge

VERSION = "0.1.0"

FITTED = frozenset({"train", "validation"})
"""Splits that the judge is fitted on; validation has done its work once settings are chosen."""

Progress = Callable[[str, int, int], None]
"""Called with the step's name, steps done, steps in all."""


def train(
    corpus: Sequence[Example],
    out_dir: Path,
    *,
    extra: Sequence[Example] = (),
    budget: float = 0.005,
    judge: Kind | None = None,
    miss: float = 0.003,
    progress: Progress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """Train on ``corpus`` and ``extra`` and write a bundle.

    Parameters
    ----------
    corpus
        Labelled text with splits.
    out_dir
        Where the bundle goes.
    extra
        A user's own labelled text; lines without a split are trained on.
    budget
        Share of ordinary news that may raise an alert, which sets the floors.
    judge
        ``linear``, or ``encoder`` to stack a sentence encoder on it; by default the latter
        if what it needs is installed.
    miss
        Share of the stacked judge's alerts that the screen may lose; less is slower.
    progress
        Told of each step.
    now
        Gives the training date in the manifest; it does not enter the digest.

    Returns
    -------
    str
        The digest of the bundle.

    Raises
    ------
    ValueError
        If a label has no text to learn it from, or to calibrate it on.
    EncoderError
        If the encoder is asked for and its parts are missing.
    """
    kind = judge or (ENCODER if available() else LINEAR)
    examples = [*corpus, *extra]
    # A corpus line without a split has one by a hash; a user's line without one is for training.
    parts = [*(e.part for e in corpus), *(e.split or "train" for e in extra)]
    fitted = [e for e, part in zip(examples, parts, strict=True) if part in FITTED]
    held = [e for e, part in zip(examples, parts, strict=True) if part == "calibration"]
    _check(fitted, held)
    steps = len(OUTPUTS) + 4
    tell = progress or (lambda *_: None)
    tell("cutting into features", 0, steps)
    # The order of sums in BLAS, and with it the digest, would depend on the number of threads.
    with threadpool_limits(1):
        learnt = learn(fitted, lambda name, at: tell(name, at, steps))
        tell("calibrating", steps - 3, steps)
        seen = _held(learnt.judge(), held)
        combination = fit_combination(
            seen.looked[1], seen.passage_logits, seen.items, seen.sentences
        )
        logits = combination.item_logits(seen.looked[1])
        found = floors(logits, seen.kinds, budget)
        modality = fit_modality(fitted, learnt.words.common)
    state = {
        **learnt.state,
        "modality": modality,
        "views": combination.weights,
        "scale": combination.scale,
        "sentence_scale": combination.sentence_scale,
    }
    about: dict[str, Any] = {}
    weights = combination.weights
    if kind == ENCODER:
        tell("joining the encoder", steps - 2, steps)
        made = make(seen, logits, os.cpu_count() or 1)
        about["linear_floors"] = found
        found = floors(made.item_logits, seen.kinds, budget)
        state["encoder"] = made.state()
        about["screen"] = fit_screen(logits, made, found, miss)
        about["adapter"] = made.about
        weights = made.stack.weights
    manifest = {
        "version": VERSION,
        "judge": kind,
        "labels": list(LABELS),
        "floors": found,
        "budget": budget,
        "corpus": {"digest": corpus_digest(examples), "lines": len(examples)},
        "trained": now().isoformat(timespec="seconds"),
        **about,
    }
    tell("measuring", steps - 1, steps)
    tested = [e for e, part in zip(examples, parts, strict=True) if part == held_out.SPLIT]
    if kind == ENCODER:
        linear = _measured(state, manifest, LINEAR, tested)
        manifest |= {f"linear_{name}": figures for name, figures in linear.items()}
    manifest |= _measured(state, manifest, kind, tested)
    judges = sorted({LINEAR, kind})
    manifest[canary.ENTRY] = canary.recorded(
        {name: _as_shipped(state, manifest, name) for name in judges}
    )
    tell("saving", steps - 1, steps)
    digest = bundle.save(out_dir, state, manifest, card.render(manifest, weights))
    tell("saved", steps, steps)
    return digest


def _as_shipped(state: dict[str, Any], manifest: dict[str, Any], judge: str) -> EscalationModel:
    return EscalationModel(bundle.Bundle(state, {**manifest, "digest": ""}, Path()), judge)


def _measured(
    state: dict[str, Any], manifest: dict[str, Any], judge: Kind, tested: Sequence[Example]
) -> dict[str, Any]:
    """Return figures and reference of a judge as it ships, its screen included."""
    model = _as_shipped(state, manifest, judge)
    units = [as_unit(example) for example in tested]
    found = model.assess([Item("", unit.title, unit.body, ENGLISH) for unit in units])
    return {
        "metrics": held_out.measure(found, units, model.info.floors),
        "reference": held_out.like_a_feed(found, units),
    }


def _held(judge: LinearJudge, held: Sequence[Example]) -> Held:
    units = [as_unit(example) for example in held]
    documents = [read(Item("", unit.title, unit.body)) for unit in units]
    passages = [text for example in held for text in as_seen(example)]
    texts, where = lay_out([read(Item("", "", text)) for text in passages])
    return Held(
        documents=documents,
        looked=look(judge, documents),
        passages=passages,
        passage_logits=np.maximum.reduceat(joint(judge.logits(texts)), where.starts, axis=0),
        items=truth(u.labels for u in units),
        sentences=truth(p.labels for e in held for p in e.passages),
        kinds=[unit.kind for unit in units],
    )


def _check(examples: Sequence[Example], held: Sequence[Example]) -> None:
    for label in LABELS:
        for name, part in (("train", examples), ("calibration", held)):
            if not any(label in p.labels for e in part for p in e.passages):
                msg = f"no text with {label} in the {name} split: the corpus is too small"
                raise ValueError(msg)
    if not any(as_unit(e).kind == "ordinary" for e in held):
        msg = "no ordinary text (unlabelled, of a file ordinary*) in the calibration split"
        raise ValueError(msg)
