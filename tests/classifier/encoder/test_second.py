"""The encoder behind the screen."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

import classifier
from classifier import Item
from classifier.encoder.reading import Read
from classifier.encoder.stack import Stack

if TYPE_CHECKING:
    from pathlib import Path

ATTACK = "Rebels shelled the town of Belen on Tuesday, killing nine people."
QUIET = "The museum will open a new wing for visitors in the spring."


@pytest.fixture(scope="module")
def stacked(bundle_path: Path) -> classifier.EscalationModel:
    """Return the default model, if it has an encoder."""
    model = classifier.load(bundle_path)
    if model.info.judge != "encoder":
        pytest.skip("the default bundle was trained with --judge linear")
    return model


def test_words_that_the_encoder_went_by_are_labelled_as_what_they_are(
    stacked: classifier.EscalationModel,
) -> None:
    """Only when asked for, only for the alert's first evidence."""
    plain = stacked.assess([Item("1", "", ATTACK)])[0].cues[0].evidence[0].terms
    more = stacked.assess([Item("1", "", ATTACK)], occlusion=True)[0].cues[0].evidence[0].terms
    assert {term.by for term in plain} == {"linear"}
    assert more[: len(plain)] == plain
    assert {term.by for term in more[len(plain) :]} == {"occlusion"}
    assert set(ATTACK.replace(",", "").rstrip(".").split()) >= {t.text for t in more[len(plain) :]}


def test_what_the_screen_drops_keeps_a_probability_below_every_floor(
    stacked: classifier.EscalationModel,
) -> None:
    """It was not read, so it cannot be reported."""
    found = stacked.assess([Item("1", "", QUIET)])[0]
    assert all(found.scores[label] < floor for label, floor in stacked.info.floors.items())
    assert not found.alert


def test_an_item_is_judged_alike_alone_and_among_others(
    stacked: classifier.EscalationModel,
) -> None:
    """What else comes with it does not change its score."""
    items = [Item(str(at), "", f"{ATTACK} {QUIET * (at % 5)}") for at in range(40)]
    together = [a.score for a in stacked.assess(items)]
    alone = [stacked.assess([item])[0].score for item in items]
    assert np.abs(np.array(together) - np.array(alone)).max() < 1e-9


def test_the_linear_judge_alone_holds_no_encoder(bundle_path: Path) -> None:
    """It is 23 MB of every process."""
    linear = classifier.load(bundle_path, judge="linear")
    loaded, _ = linear._made_from
    assert "encoder" not in loaded.state
    assert pickle.loads(pickle.dumps(linear)).info == linear.info  # noqa: S301 - our own


def test_a_bundle_with_an_encoder_holds_the_linear_judge_too(bundle_path: Path) -> None:
    """With floors of its own."""
    linear = classifier.load(bundle_path, judge="linear")
    assert linear.info.judge == "linear"
    assert linear.assess([Item("1", "", ATTACK)])[0].alert


def test_a_judge_that_a_bundle_has_not_is_refused(bundle_path: Path) -> None:
    """The error says what to do."""
    with pytest.raises(classifier.BundleError, match="escalation train --judge"):
        classifier.load(bundle_path, judge="oracle")


@pytest.mark.parametrize("which", ["linear", "encoder"])
def test_more_evidence_never_lowers_a_probability(which: str) -> None:
    """The weights of both judges are not negative."""
    dice = np.random.default_rng(0)
    stack = Stack(
        0.5, np.array([0.4, 0.1, 0.3]), np.tile([0.9, -2.0], (10, 1)), np.tile([1.0, 0.0], (10, 1))
    )
    parts = {name: tuple(dice.normal(size=(2, 50, 10))) for name in ("linear", "encoder")}
    short, sizes = dice.random(50) < 0.5, dice.integers(1, 30, 50)

    def logits() -> np.ndarray:
        return stack.item_logits(Read(parts["linear"], parts["encoder"], short, sizes, {}))

    before = logits()
    parts[which] = tuple(part + dice.random(part.shape) for part in parts[which])
    assert (logits() >= before - 1e-12).all()
